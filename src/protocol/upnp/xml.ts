/** Just enough XML for a device description: it checks well-formedness and gives the text of elements by local name. */

/** Thrown for a document that is not well-formed, or has a DOCTYPE. */
export class MalformedXml extends Error {
	override readonly name = 'MalformedXml';
}

/** An element with its own text, without that of its children. */
export interface Element {
	/** Local name, without the prefix. */
	name: string;
	text: string;
	children: Element[];
}

const NAME = /[A-Za-z_:\u00c0-\ud7ff\uf900-\ufffd][-.\w:\u00b7\u00c0-\ud7ff\uf900-\ufffd]*/y;
const SPACE = /[ \t\r\n]*/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const DEEPEST = 64;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 forbids.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;
const DECLARATION =
	/^<\?xml\s+version\s*=\s*(["'])1\.\d\1(?:\s+encoding\s*=\s*(["'])([A-Za-z][\w.-]*)\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\4)?\s*$/;

/** Parses a document. Throws `MalformedXml`. A DOCTYPE is refused too, because no small device reads one. */
export function parseXml(source: string): Element {
	let at = source.startsWith('\ufeff') ? 1 : 0;
	const fail = (why: string): never => {
		throw new MalformedXml(`${why} at character ${at}`);
	};
	const match = (pattern: RegExp): string => {
		pattern.lastIndex = at;
		const found = pattern.exec(source)?.[0] ?? '';
		at += found.length;
		return found;
	};
	const take = (text: string): boolean => {
		if (!source.startsWith(text, at)) return false;
		at += text.length;
		return true;
	};
	const upTo = (mark: string, what: string): string => {
		const end = source.indexOf(mark, at);
		if (end < 0) fail(`${what} does not end`);
		const text = source.slice(at, end);
		at = end + mark.length;
		return text;
	};
	const name = (): string => match(NAME) || fail('a name is missing');

	const misc = (): void => {
		for (;;) {
			match(SPACE);
			if (take('<!--')) comment();
			else if (source.startsWith('<?', at)) instruction();
			else return;
		}
	};
	const comment = (): void => {
		if (upTo('-->', 'a comment').includes('--')) fail('a comment contains --');
	};
	const instruction = (): void => {
		at += 2;
		if (name().toLowerCase() === 'xml') fail('the XML declaration is not at the beginning');
		upTo('?>', 'a processing instruction');
	};

	const attributes = (): void => {
		const seen = new Set<string>();
		for (;;) {
			const spaced = match(SPACE) !== '';
			if (source.startsWith('>', at) || source.startsWith('/>', at)) return;
			if (!spaced) fail('blank space is missing before an attribute');
			const attribute = name();
			if (seen.has(attribute)) fail(`attribute ${attribute} stands twice`);
			seen.add(attribute);
			match(SPACE);
			if (!take('=')) fail('an attribute has no value');
			match(SPACE);
			const quote = take('"') ? '"' : take("'") ? "'" : fail('an attribute value has no quotes');
			const value = upTo(quote, 'an attribute value');
			if (value.includes('<')) fail('an attribute value contains <');
			unescapeText(value, fail);
		}
	};

	const element = (depth: number): Element => {
		if (depth > DEEPEST) fail('elements are nested too deep');
		if (!take('<')) fail('an element is missing');
		const qualified = name();
		const result: Element = { name: qualified.slice(qualified.indexOf(':') + 1), text: '', children: [] };
		attributes();
		if (take('/>')) return result;
		take('>');
		for (;;) {
			const next = source.indexOf('<', at);
			if (next < 0) fail(`element ${qualified} does not end`);
			const text = source.slice(at, next);
			if (text.includes(']]>')) fail(']]> stands in text');
			result.text += unescapeText(text, fail);
			at = next;
			if (take('</')) {
				if (name() !== qualified) fail(`element ${qualified} is ended by another name`);
				match(SPACE);
				if (!take('>')) fail('an end tag does not end');
				return result;
			}
			if (take('<!--')) comment();
			else if (take('<![CDATA[')) result.text += upTo(']]>', 'CDATA');
			else if (source.startsWith('<?', at)) instruction();
			else result.children.push(element(depth + 1));
		}
	};

	if (FORBIDDEN.test(source)) fail('a character that XML forbids stands in it');
	if (/^<\?xml[ \t\r\n]/.test(source.slice(at))) {
		const declaration = upTo('?>', 'the XML declaration');
		const found = DECLARATION.exec(declaration) ?? fail('the XML declaration is not one');
		if (found[3] !== undefined && found[3].toLowerCase() !== 'utf-8') fail(`it declares itself to be in ${found[3]}`);
	}
	misc();
	if (source.startsWith('<!', at)) fail('a DOCTYPE stands in it');
	const root = element(0);
	misc();
	if (at !== source.length) fail('something follows the root element');
	return root;
}

function unescapeText(text: string, fail: (why: string) => never): string {
	return text.replace(/&([^;&]*);?/g, (whole, body: string) => {
		if (!whole.endsWith(';')) return fail('a bare &');
		const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(body);
		if (number !== null) {
			const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
			const character = code <= 0x10ffff ? String.fromCodePoint(code) : '\0';
			return FORBIDDEN.test(character) ? fail('a reference to a character that XML forbids') : character;
		}
		return Object.hasOwn(ENTITIES, body) ? (ENTITIES[body] ?? '') : fail(`the unknown entity &${body};`);
	});
}

/** Returns the first element with this local name, depth first, starting with the root. */
export function findElement(root: Element, name: string): Element | undefined {
	if (root.name === name) return root;
	for (const child of root.children) {
		const found = findElement(child, name);
		if (found !== undefined) return found;
	}
	return undefined;
}
