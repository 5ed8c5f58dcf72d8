/** Runs one command against an open session. What the camera or this computer refuses is said, and is exit code 1. */

import { formatBytes, printable } from '#base/text.ts';
import { isAnswer, type ReadyCamera } from '#camera/ready-camera.ts';
import { scriptValueText } from '#camera/script-output.ts';
import { OS_NAMES } from '#contract/names.ts';
import { OperationRefused } from '#protocol/ptpip/initiator/operations.ts';
import { ConnectionLost } from '#protocol/ptpip/initiator/transact.ts';
import type { Catalogue } from '#transfer/catalogue/catalogue.ts';
import { LocalTrouble } from '#transfer/local-files.ts';
import { getFiles } from './get.ts';
import { listCard } from './list.ts';
import type { CommandOutput } from './output.ts';
import type { Command } from './rules/arguments.ts';
import { HELP } from './text/help.ts';

/** Tables that scripts return or send come as text only if the camera is told how; longer than that would not fit a message. */
const SERIALIZER = [
	'usb_msg_table_to_string=function(t) local function s(v,d)',
	'if type(v)=="string" then return string.format("%q",v) end',
	'if type(v)~="table" then return tostring(v) end',
	'if d>8 then return "{...}" end',
	'local r={} for k,x in pairs(v) do',
	'if type(k)=="string" and k:match("^[%a_][%w_]*$") then k=k else k="["..s(k,d+1).."]" end',
	'r[#r+1]=k.."="..s(x,d+1) end',
	'return "{"..table.concat(r,", ").."}" end return s(t,1) end',
].join(' ');

/** Exit code of a command: 0, or 1 when something was refused. Throws `ConnectionLost`, `destinationUnwritable` and the signal's reason. */
export async function runCommand(
	command: Command,
	session: ReadyCamera,
	catalogue: Catalogue,
	output: CommandOutput,
	signal: AbortSignal,
): Promise<number> {
	try {
		switch (command.do) {
			case 'info':
				return await info(session, output, signal);
			case 'ls':
				return await listCard(catalogue, command.path, output, signal);
			case 'get':
				return await getFiles(catalogue, command, output, signal);
			case 'lua':
				return await lua(command.code, session, output, signal);
			case 'help':
				for (const line of HELP.trimEnd().split('\n')) output.out(line);
				return 0;
			case 'quit':
				return 0;
		}
	} catch (error) {
		output.quiet();
		if (signal.aborted || error instanceof ConnectionLost || !(isAnswer(error) || error instanceof LocalTrouble)) throw error;
		output.err(`${command.do}: ${error.message}.`);
		return 1;
	}
}

async function lua(code: string, session: ReadyCamera, output: CommandOutput, signal: AbortSignal): Promise<number> {
	if (session.chdk === undefined) {
		output.err('lua: the camera has no CHDK, which is what runs scripts on it.');
		return 1;
	}
	const script = code.startsWith('=') ? `return ${code.slice(1)}` : code;
	// In front, on the same line: line numbers in the camera's error messages stay right. What gives back no value, or
	// a field of a table, needs it not.
	const givesTables = /\breturn\b|write_usb_msg/.test(script) && !/^return\s+[\w.]+\([^(){}]*\)\.\w+\s*;?\s*$/.test(script);
	const returned = await session.chdk.run(givesTables ? `${SERIALIZER} ${script}` : script, signal, (value) =>
		speak(scriptValueText(value), output),
	);
	for (const value of returned) speak(scriptValueText(value), output);
	return 0;
}

function speak(text: string, output: CommandOutput): void {
	for (const line of text.split(/\r?\n/)) output.out(line);
}

async function info({ camera, learnt }: ReadyCamera, output: CommandOutput, signal: AbortSignal): Promise<number> {
	const { manufacturer } = camera.device;
	const row = (name: string, value: string) => output.out(`${name.padEnd(9)} ${value}`);
	row('Model', learnt.model ?? 'not told');
	row('Maker', manufacturer);
	row('Serial', learnt.serial ?? 'not told');
	row('Firmware', learnt.firmware ?? 'not told');
	row('CHDK', typeof learnt.chdk === 'string' ? `protocol ${learnt.chdk}` : 'no');
	if (learnt.os !== null) row('System', OS_NAMES[learnt.os]);
	for (const id of await camera.storageIds(signal)) {
		try {
			const card = await camera.storage(id, signal);
			const pictures = card.freeImages === 0xffff_ffff ? '' : `, room for ${card.freeImages} pictures`;
			const label = card.volumeLabel || card.description;
			const size = `${formatBytes(Number(card.freeSpace))} free of ${formatBytes(Number(card.maxCapacity))}${pictures}`;
			row('Card', label === '' ? size : `${printable(label)}: ${size}`);
		} catch (error) {
			if (!(error instanceof OperationRefused)) throw error;
			row('Card', `cannot be read: ${error.message}`);
		}
	}
	return 0;
}
