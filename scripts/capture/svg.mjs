// A terminal's screen, as `tmux capture-pane -e` gives it, as an SVG picture.

const ESC = String.fromCharCode(27);
const STYLE = new RegExp(`(${ESC}\\[[0-9;]*m)`);
const CELL = { width: 8.4, height: 18 };
const PADDING = 16;
const COLOURS = ['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4'];
const BRIGHT = ['#6e7681', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#ffffff'];
const PLAIN = '#e6edf3';

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The style after a Select Graphic Rendition. */
function restyled(style, codes) {
	let next = style;
	for (const code of codes.split(';').map(Number)) {
		if (code === 0) next = {};
		else if (code === 1) next = { ...next, bold: true };
		else if (code === 2) next = { ...next, dim: true };
		else if (code === 22) next = { ...next, bold: false, dim: false };
		else if (code === 39) next = { ...next, colour: undefined };
		else if (code >= 30 && code <= 37) next = { ...next, colour: COLOURS[code - 30] };
		else if (code >= 90 && code <= 97) next = { ...next, colour: BRIGHT[code - 90] };
	}
	return next;
}

/** One line as runs of text of one style. */
function runs(line, style) {
	const found = [];
	let now = style;
	for (const part of line.split(STYLE)) {
		const codes = part.startsWith(ESC) ? part.slice(2, -1) : null;
		if (codes !== null) now = restyled(now, codes === '' ? '0' : codes);
		else if (part !== '') found.push({ text: part, style: now });
	}
	return { found, style: now };
}

export function svgOfTerminal(screen, columns) {
	const lines = screen.replace(/\s+$/, '').split('\n');
	let style = {};
	const texts = lines.map((line, row) => {
		const { found, style: after } = runs(line, style);
		style = after;
		let column = 0;
		return found
			.map(({ text, style: { colour, dim, bold } }) => {
				const x = PADDING + column * CELL.width;
				column += [...text].length;
				const y = PADDING + (row + 0.75) * CELL.height;
				const looks = `fill="${colour ?? PLAIN}"${dim ? ' opacity="0.6"' : ''}${bold ? ' font-weight="bold"' : ''}`;
				return text.trim() === ''
					? ''
					: `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" textLength="${([...text].length * CELL.width).toFixed(1)}" ${looks}>${escaped(text)}</text>`;
			})
			.join('');
	});
	const width = Math.ceil(columns * CELL.width + 2 * PADDING);
	const height = Math.ceil(lines.length * CELL.height + 2 * PADDING);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
		'<title>canon-wifi pair in a terminal</title>',
		`<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
		`<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" xml:space="preserve">`,
		...texts.filter((text) => text !== ''),
		'</g></svg>',
		'',
	].join('\n');
}
