/** The adapters as a program of its own, so that tests can run several at once, or as another user. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Bundles a program that has the adapters' functions in reach; `code` may use top-level `await`, `folder` and `arg`. */
export async function settingsProgram(code: string): Promise<string> {
	const file = path.join(mkdtempSync(path.join(tmpdir(), 'canon-wifi-program-')), 'program.mjs');
	await build({
		stdin: {
			contents: `
				import { openIdentities } from '#settings/identities.ts';
				import { openProfiles } from '#settings/profiles.ts';
				import { confWrite } from '#settings/conf-write.ts';
				import { PROFILES_FILE, IDENTITY_FILE } from '#settings/rules/judge.ts';
				import { newProfile } from '#contract/profile.ts';
				import Conf from 'conf';
				import fs from 'node:fs';
				const [folder, arg] = process.argv.slice(2);
				${code}`,
			resolveDir: here,
			loader: 'ts',
		},
		outfile: file,
		bundle: true,
		format: 'esm',
		platform: 'node',
		banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
	});
	return file;
}

export interface Ran {
	stdout: string;
	stderr: string;
	exitCode: number | null;
}

/** Runs a program to its end. */
export function runProgram(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ran> {
	return new Promise((resolve, reject) => {
		const [file = '', ...args] = command;
		const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
		let stdout = '';
		let stderr = '';
		child.stdout.on('data', (chunk) => (stdout += chunk));
		child.stderr.on('data', (chunk) => (stderr += chunk));
		child.on('error', reject);
		child.on('close', (exitCode) => resolve({ stdout, stderr, exitCode }));
	});
}
