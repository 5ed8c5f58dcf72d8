/** Draws the camera's screen in a frame, as lines of text. It has the same height in every state. */
import { widthOf } from '#base/table.ts';
import { printable } from '#base/text.ts';
import type { ScreenContents } from '../events.ts';
import { cut, fitTo } from './fit.ts';

/** Lines inside the frame. */
export const PANEL_LINES = 7;
/** Columns of the whole panel, where there is room. */
export const PANEL_COLUMNS = 40;

/** The characters of a frame. */
export interface FrameStyle {
	corners: readonly [string, string, string, string];
	across: string;
	down: string;
	cursor: string;
	dark: string;
}
export const BOX: FrameStyle = { corners: ['┌', '┐', '└', '┘'], across: '─', down: '│', cursor: '▸', dark: '░' };
export const ASCII: FrameStyle = { corners: ['+', '+', '+', '+'], across: '-', down: '|', cursor: '>', dark: '.' };

/** Draws the panel of a camera called `model`, at most `columns` wide. */
export function panel(screen: ScreenContents, model: string, columns: number, style: FrameStyle): string[] {
	const inside = Math.max(1, Math.min(columns, PANEL_COLUMNS) - 2);
	const lines = contents(screen, style, inside);
	const title = cut(printable(model.replace(/^Canon /, '')), inside - 4);
	const head = title === '' ? '' : `${style.across} ${title} `;
	const [topLeft, topRight, bottomLeft, bottomRight] = style.corners;
	const { across, down } = style;
	return [
		`${topLeft}${head}${across.repeat(Math.max(0, inside - widthOf(head)))}${topRight}`,
		...Array.from({ length: PANEL_LINES }, (_, line) => `${down}${fitTo(lines[line] ?? '', inside)}${down}`),
		`${bottomLeft}${across.repeat(inside)}${bottomRight}`,
	];
}

function contents(screen: ScreenContents, style: FrameStyle, inside: number): string[] {
	const middle = (...lines: string[]): string[] => [
		...Array<string>(Math.max(0, Math.floor((PANEL_LINES - lines.length) / 2))).fill(''),
		...lines.map((line) => ` ${line}`),
	];
	switch (screen.shows) {
		case 'off':
			return [];
		case 'computers':
			return list('Add a Device...', 'Select a Device', screen, style);
		case 'phones':
			return list('Searching for smartphones...', 'Select a Device', screen, style);
		case 'searching':
			return middle(`Searching for ${screen.for}...`);
		case 'pairing':
			return screen.name === null
				? middle('Pairing in progress.', 'Start EOS Utility on', 'the computer.')
				: middle('Connect to', printable(screen.name), '', '[ OK ]');
		case 'connecting':
			return middle('Connecting', printable(screen.name));
		case 'connected':
			return middle('Connected to device', printable(screen.name));
		case 'black':
			return Array<string>(PANEL_LINES).fill(style.dark.repeat(inside));
		case 'playback':
			return screen.picture === null ? middle('No image') : middle('', `[ ${printable(screen.picture)} ]`, '', 'playback');
	}
}

/** Draws a title and a list with a cursor, scrolled so that the cursor is visible. */
function list(empty: string, title: string, { names, cursor }: { names: readonly string[]; cursor: number }, style: FrameStyle): string[] {
	if (names.length === 0) return ['', ` ${empty}`];
	const room = PANEL_LINES - 2;
	const from = Math.max(0, Math.min(cursor - Math.floor(room / 2), names.length - room));
	return [
		` ${title}`,
		'',
		...names.slice(from, from + room).map((one, line) => ` ${from + line === cursor ? style.cursor : ' '} ${printable(one)}`),
	];
}

/** Says what the keys do now, or why they do nothing. */
export function hint(screen: ScreenContents): string {
	switch (screen.shows) {
		case 'computers':
		case 'phones':
			return screen.names.length === 0 ? 'Esc cancel, q power' : 'Up/Down, Enter SET, Esc cancel, q power';
		case 'pairing':
			return screen.name === null ? 'Esc cancel, q power' : 'Enter OK, Esc cancel, q power';
		case 'black':
			return screen.keys === 'locked' ? 'screen dark, keys locked; q power' : 'screen dark; Esc cancel, q power';
		case 'off':
			return 'Wi-Fi is off';
		default:
			return 'Esc cancel, q power';
	}
}
