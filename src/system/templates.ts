/** Text that is sent or written, kept as files in `templates/`. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package: the nearest one above this file with our templates, be it run from `src` or bundled in `dist`. */
export function packageRoot(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'templates', 'device-description.xml'))) {
		if (dirname(folder) === folder) throw new Error('The folder `templates` of canon-wifi is missing. Install the package again.');
		folder = dirname(folder);
	}
	return folder;
}

/** Where a template is. `name` relative to `templates/`, with `/`. */
export function templatePath(name: string): string {
	return join(packageRoot(), 'templates', ...name.split('/'));
}

/** A template's text. */
export function readTemplate(name: string): string {
	return readFileSync(templatePath(name), 'utf8');
}
