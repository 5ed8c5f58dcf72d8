/** Access to the files in `templates/`. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Returns the package's folder: the nearest one above this file that contains our templates, both in `src` and bundled in `dist`. */
export function packageRoot(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'templates', 'device-description.xml'))) {
		if (dirname(folder) === folder) throw new Error('The folder `templates` of canon-wifi is missing. Install the package again.');
		folder = dirname(folder);
	}
	return folder;
}

/** Returns the path of a template. `name` is relative to `templates/`, with `/`. */
export function templatePath(name: string): string {
	return join(packageRoot(), 'templates', ...name.split('/'));
}

/** Returns the text of a template. */
export function readTemplate(name: string): string {
	return readFileSync(templatePath(name), 'utf8');
}
