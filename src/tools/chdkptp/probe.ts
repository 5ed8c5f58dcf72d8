/** What a chdkptp on this computer is and can do, asked without touching any camera. */
import type { Probe, ProbeResult, ProbeVerdict } from '../tool.ts';

/**
 * Lua for chdkptp's own command line (`!`), one statement list that runs on 0.7 and 0.11 alike. A connection object is
 * made, which sends nothing: builds without PTP/IP refuse to make it. No double quotes: Windows would need them escaped.
 */
const QUESTIONS = [
	"print('version='..chdku.ver.MAJOR..'.'..chdku.ver.MINOR..'.'..tostring(chdku.ver.BUILD)..'-'..tostring(chdku.ver.DESC))",
	"print('network='..tostring((pcall(chdk.connection,{host='127.0.0.1',port='1'}))))",
	"print('steps='..(con.do_on_connect_actions and 'automatic' or con.ptp_get_object_handles and 'handles' or 'none'))",
].join(' ');

/** `-r` skips the user's startup files: they might connect, or ask. */
export const probes: readonly Probe[] = [{ args: ['-r', `-e!${QUESTIONS}`] }];

/** What to do about a build without PTP/IP. */
export const WITHOUT_NETWORK = 'Build chdkptp with PTPIP_SUPPORT=1 in its config.mk, or use --tool builtin.';
const OTHER = 'Take a newer chdkptp (0.11 does all), or use --tool builtin.';

/** What the answer to the probe says about the program. @param path for the sentences about it */
export function judge([answer]: readonly ProbeResult[], path: string): ProbeVerdict {
	const stdout = answer?.stdout ?? '';
	const answerTo = (key: string): string | null => new RegExp(`^${key}=(.+?)\\s*$`, 'm').exec(stdout)?.[1] ?? null;
	const version = answerTo('version')?.replace(/-nil$/, '') ?? null;
	if (version === null) return { state: 'broken', version, ...whyBroken(answer, path) };
	if (answerTo('network') !== 'true')
		return { state: 'withoutNetwork', version, note: 'It was built without PTP/IP.', next: WITHOUT_NETWORK };
	// The 2018 source: it connects, but has no operation that gets a camera past its "connecting" screen.
	if (answerTo('steps') === 'none')
		return { state: 'tooOld', version, note: 'none of its operations gets a camera past the "connecting" screen', next: OTHER };
	return { state: 'usable', version, note: '', next: '' };
}

/** Programs that are not chdkptp, or do not find their own files. */
const BROKEN: readonly [RegExp, why: string, next: string][] = [
	[
		/module 'main' not found/,
		'it does not find its own Lua files',
		'Keep its folder lua beside the program, or give its wrapper: --tool-path FOLDER/chdkptp.sh.',
	],
	[
		/incompatible chdkptp binary version/,
		'it finds the Lua files of another version',
		'Unset LUA_PATH, or give its wrapper: --tool-path FOLDER/chdkptp.sh.',
	],
	[/^\s*$/, 'it says nothing', 'Give the right file with --tool-path, or use --tool builtin.'],
	[/(?:)/, 'it does not answer like chdkptp', 'Give the right file with --tool-path, or use --tool builtin.'],
];

function whyBroken(answer: ProbeResult | undefined, path: string): Pick<ProbeVerdict, 'note' | 'next'> {
	const said = `${answer?.stdout ?? ''}\n${answer?.stderr ?? ''}`;
	const [, why, next] = BROKEN.find(([words]) => words.test(said)) ?? ['', '', ''];
	return { note: `${path} cannot be used as chdkptp: ${answer?.problem ?? why}.`, next };
}
