/** A camera in an open session with a card of a few files, for tests of its CHDK. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Computer, type Line, openSession, type Stage, startComputer, startStage } from '../world.ts';

export interface ChdkCamera {
	stage: Stage;
	command: Line;
	/** The card's folder. */
	card: string;
	[Symbol.asyncDispose](): Promise<void>;
}

export async function chdkCamera(chdk = true): Promise<ChdkCamera> {
	const card = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	await mkdir(join(card, 'DCIM', '100CANON'), { recursive: true });
	await writeFile(join(card, 'DCIM', '100CANON', 'IMG_0001.TXT'), 'camera');
	const computer: Computer = await startComputer();
	const stage = await startStage(computer, { media: card, chdk });
	await stage.pair();
	const { command } = await openSession(stage.camera);
	transaction = 0;
	return {
		stage,
		command,
		card,
		async [Symbol.asyncDispose]() {
			await stage.camera.close();
			await computer[Symbol.asyncDispose]();
			await rm(card, { recursive: true });
		},
	};
}

export const hexOf = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
/** Little-endian, four bytes. */
export const u32 = (value: number): string => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value >>> 0);
	return bytes.toString('hex');
};

let transaction = 0;

export interface Answer {
	/** Response code and parameters. */
	code: number;
	params: number[];
	/** Of the data phase, in hexadecimal; nothing when there was none. */
	data: string | undefined;
}

/** One sub-command of 0x9999 as chdkptp sends it. */
export async function chdk(command: Line, params: readonly number[], data?: string): Promise<Answer> {
	transaction++;
	command.send(`${u32(18 + 4 * params.length)} 06000000 00000000 9999 ${u32(transaction)} ${params.map(u32).join('')}`);
	if (data !== undefined) {
		const size = data.length / 2;
		command.send(`14000000 09000000 ${u32(transaction)} ${u32(size)} 00000000`);
		command.send(`${u32(12 + size)} 0A000000 00000000 ${data} 0C000000 0C000000 ${u32(transaction)}`);
	}
	let got: string | undefined;
	for (;;) {
		const packet = await command.packet();
		const type = Number.parseInt(packet.slice(8, 10), 16);
		if (type === 0x09) got = '';
		if (type === 0x0a || type === 0x0c) got += packet.slice(24);
		if (type !== 0x07) continue;
		const body = Buffer.from(packet, 'hex');
		const list = Array.from({ length: (body.length - 14) / 4 }, (_, i) => body.readUInt32LE(14 + 4 * i));
		return { code: body.readUInt16LE(8), params: list, data: got };
	}
}

/** ExecuteScript with the flags that chdkptp sends; `[id, status]`. */
export async function execute(command: Line, source: string, flags = 0x700): Promise<number[]> {
	return (await chdk(command, [7, flags], hexOf(`${source}\0`))).params;
}

/** All messages until the script has ended: type, subtype, script id, bytes in hexadecimal. */
export async function messages(command: Line): Promise<[number, number, number, string][]> {
	const list: [number, number, number, string][] = [];
	for (;;) {
		const status = (await chdk(command, [8])).params[0] ?? 0;
		if ((status & 2) === 0 && (status & 1) === 0) return list;
		if ((status & 2) === 0) continue;
		const { params, data } = await chdk(command, [10]);
		const [type = 0, subtype = 0, id = 0, size = 0] = params;
		list.push([type, subtype, id, (data ?? '').slice(0, size * 2)]);
	}
}
