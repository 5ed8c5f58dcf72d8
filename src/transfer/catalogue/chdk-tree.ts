/**
 * A card listed by a script on a camera with CHDK: names, sizes and dates of the whole DCIM in few messages. Handles do not
 * exist there, so names are matched with the handles that GetObjectHandles told of the folder. That both come in the same order
 * is an assumption: it is checked on the last file of each folder, and again before a file is copied.
 */
import type { Camera } from '#camera/camera.ts';
import type { Chdk } from '#camera/chdk.ts';
import { ScriptFailed } from '#camera/script-output.ts';
import type { FolderEntry, FolderPlace, Way } from './way.ts';

/** Bytes of names in one message. CHDK has a few hundred kilobytes for everything. */
const MESSAGE_BYTES = 8000;
/** Folders in folders. */
const DEPTH = 8;
const FOLDER = 'A/DCIM';

/** Lists below a folder; a line for each object: `d` or `f`, size, time, name; `>` and a path before each folder. */
const SCRIPT = [
	'local out,n={},0',
	'local function flush()',
	' if n==0 then return end',
	" local s=table.concat(out,'\\n')",
	' local tries=0',
	" while not write_usb_msg(s,500) do tries=tries+1 if tries>20 then error('nobody reads the messages') end end",
	' out,n={},0',
	'end',
	'local function line(s)',
	` if n+#s>${MESSAGE_BYTES} then flush() end`,
	' out[#out+1]=s n=n+#s+1',
	'end',
	'local function list(path,depth)',
	" line('>'..path)",
	' local below={}',
	' for _,name in ipairs(os.listdir(path) or {}) do',
	"  local st=os.stat(path..'/'..name)",
	'  if st then',
	"   line((st.is_dir and 'd ' or 'f ')..(st.size or 0)..' '..(st.mtime or 0)..' '..name)",
	'   if st.is_dir then below[#below+1]=name end',
	'  end',
	' end',
	` if depth<${DEPTH} then for _,name in ipairs(below) do list(path..'/'..name,depth+1) end end`,
	'end',
	`list('${FOLDER}',1)`,
	'flush()',
	"return 'end'",
].join('\n');

/** An object as the script describes it. */
export interface ScriptEntry {
	name: string;
	folder: boolean;
	size: number;
	seconds: number;
}

const key = (path: readonly string[]): string => path.join('/').toUpperCase();

/** The script's lines by folder. Throws `ScriptFailed` for a line that is none. */
export function parseTree(lines: Iterable<string>): Map<string, ScriptEntry[]> {
	const tree = new Map<string, ScriptEntry[]>();
	let here: ScriptEntry[] | undefined;
	for (const line of lines) {
		if (line.startsWith('>')) {
			const [, ...path] = line.slice(1).split('/');
			here = [];
			tree.set(key(path), here);
			continue;
		}
		const found = /^([df]) (\d{1,10}) (-?\d{1,10}) (.+)$/.exec(line);
		if (found === null || here === undefined) throw new ScriptFailed('the listing script sent something else than a listing');
		const [, kind, size, seconds, name] = found as unknown as [string, string, string, string, string];
		here.push({ name, folder: kind === 'd', size: kind === 'd' ? 0 : Number(size), seconds: Number(seconds) });
	}
	return tree;
}

/** Lists by the script; it runs once, when the first folder below DCIM is asked for. */
export function chdkTree(chdk: Chdk): Way {
	let reading: Promise<Map<string, ScriptEntry[]>> | undefined;
	const read = async (signal: AbortSignal) => {
		const lines: string[] = [];
		const returned = await chdk.run(SCRIPT, signal, (value) => {
			if (value.type === 'string') lines.push(...value.value.split('\n'));
		});
		// A script that was ended early has listed a part of the card only.
		if (returned[0]?.type !== 'string' || returned[0].value !== 'end') throw new ScriptFailed('the listing script ended early');
		return parseTree(lines);
	};
	return {
		name: 'a CHDK script',
		needsHandles: true,
		covers: ({ path }) => path[0]?.toUpperCase() === 'DCIM',
		async list(camera, folder, handles = [], signal) {
			reading ??= read(signal);
			const found = (await reading).get(key(folder.path));
			if (found === undefined) throw new ScriptFailed(`the listing script does not know ${folder.path.join('/')}`);
			if (found.length !== handles.length)
				throw new ScriptFailed(`the listing script found ${found.length} objects, the camera tells of ${handles.length}`);
			const entries = matched(found, handles, folder);
			await check(camera, entries.at(-1), signal);
			return entries;
		},
	};
}

function matched(found: readonly ScriptEntry[], handles: readonly number[], { handle: parent }: FolderPlace): FolderEntry[] {
	const inOrder = [...handles].sort((a, b) => a - b);
	return found.map((entry, at) => ({
		...entry,
		handle: inOrder[at] ?? 0,
		parent,
		uncertain: true,
		seconds: entry.seconds > 0 ? entry.seconds : undefined,
		captureDate: '',
		modificationDate: '',
	}));
}

async function check(camera: Camera, entry: FolderEntry | undefined, signal: AbortSignal): Promise<void> {
	if (entry === undefined) return;
	const { fileName } = await camera.object(entry.handle, signal);
	if (fileName.toUpperCase() !== entry.name.toUpperCase())
		throw new ScriptFailed('the camera numbers the objects of a folder in another order than CHDK lists them');
}
