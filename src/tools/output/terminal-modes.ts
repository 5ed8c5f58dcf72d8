/** The modes of the user's terminal, put back when a tool with a line editor was killed in the middle of a line. */
import { spawn } from 'node:child_process';
import { systemEnv } from '#system/rules/system-path.ts';

/** `stty` on our stdin; its output, or nothing when it did not work. */
function stty(...args: string[]): Promise<string | undefined> {
	return new Promise((resolve) => {
		const child = spawn('stty', args, { stdio: ['inherit', 'pipe', 'ignore'], timeout: 2000, env: systemEnv(process.env) });
		let text = '';
		child.stdout.setEncoding('latin1').on('data', (piece: string) => {
			text += piece;
		});
		child.once('error', () => resolve(undefined));
		child.once('close', (code) => resolve(code === 0 ? text.trim() : undefined));
	});
}

/** Remembers the modes as they are; what comes back restores them if `hard`. */
export async function keepTerminal(platform: NodeJS.Platform): Promise<(hard: boolean) => Promise<void>> {
	const modes = platform === 'win32' ? undefined : await stty('-g');
	return async (hard) => {
		if (hard && modes !== undefined) await stty(modes);
	};
}
