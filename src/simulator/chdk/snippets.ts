/**
 * A small script machine: statements that call the camera's functions and return values, without variables, control
 * structures or arithmetic. It runs what a client needs for the unlock; anything else is a compile error that says so.
 */
import { latin1 } from '../bytes.ts';
import type { RunningScript, ScriptEnd, ScriptHost, ScriptMachine, ScriptValue } from './machine.ts';

type Expression = { literal: ScriptValue } | { call: string; args: Expression[]; field?: string };
interface Statement {
	returns: boolean;
	values: Expression[];
}

const TOKEN = /\s*(?:--[^\n]*(?:\n|$)|([A-Za-z_]\w*)|(-?\d+)|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|([().,;]))/y;

class NotUnderstood extends Error {}

type Token = { word: string } | { value: ScriptValue } | { mark: string };

function tokens(source: string): Token[] {
	const found: Token[] = [];
	TOKEN.lastIndex = 0;
	while (TOKEN.lastIndex < source.trimEnd().length) {
		const at = TOKEN.lastIndex;
		const match = TOKEN.exec(source);
		if (match === null) throw new NotUnderstood(`near '${source.slice(at, at + 20).trim()}'`);
		const [, word, number, double, single, mark] = match;
		const text = double ?? single;
		if (word !== undefined) found.push({ word });
		else if (number !== undefined) found.push({ value: { type: 'integer', value: Number(number) | 0 } });
		else if (text !== undefined) found.push({ value: { type: 'string', value: new TextEncoder().encode(text.replace(/\\(.)/g, '$1')) } });
		else if (mark !== undefined) found.push({ mark });
	}
	return found;
}

function parse(source: string): Statement[] {
	const list = tokens(source);
	let at = 0;
	const isMark = (mark: string): boolean => {
		const token = list[at];
		return token !== undefined && 'mark' in token && token.mark === mark;
	};
	const expect = (mark: string): void => {
		if (!isMark(mark)) throw new NotUnderstood(`'${mark}' expected`);
		at++;
	};
	const expression = (): Expression => {
		const token = list[at++];
		if (token === undefined || 'mark' in token) throw new NotUnderstood('unexpected symbol');
		if ('value' in token) return { literal: token.value };
		if (token.word === 'nil') return { literal: { type: 'nil' } };
		if (token.word === 'true' || token.word === 'false') return { literal: { type: 'boolean', value: token.word === 'true' } };
		expect('(');
		const args: Expression[] = [];
		while (!isMark(')')) {
			args.push(expression());
			if (!isMark(')')) expect(',');
		}
		expect(')');
		if (!isMark('.')) return { call: token.word, args };
		at++;
		const field = list[at++];
		if (field === undefined || !('word' in field)) throw new NotUnderstood('a field name expected');
		return { call: token.word, args, field: field.word };
	};
	const statements: Statement[] = [];
	while (at < list.length) {
		const token = list[at];
		const returns = token !== undefined && 'word' in token && token.word === 'return';
		if (returns) at++;
		const values = returns && (at === list.length || isMark(';')) ? [] : [expression()];
		while (isMark(',')) {
			at++;
			values.push(expression());
		}
		while (isMark(';')) at++;
		statements.push({ returns, values });
		if (returns && at < list.length) throw new NotUnderstood("something follows 'return'");
	}
	return statements;
}

const known: Readonly<Record<string, true>> = {
	get_buildinfo: true,
	post_levent_to_ui: true,
	get_tick_count: true,
	sleep: true,
	write_usb_msg: true,
};

async function run(statements: readonly Statement[], host: ScriptHost, killed: AbortSignal): Promise<ScriptEnd> {
	const evaluate = async (expression: Expression): Promise<ScriptValue> => {
		if ('literal' in expression) return expression.literal;
		const args: ScriptValue[] = [];
		for (const arg of expression.args) args.push(await evaluate(arg));
		const first = args[0];
		const number = first?.type === 'integer' ? first.value : 0;
		switch (expression.call) {
			case 'get_buildinfo': {
				const value = expression.field === undefined ? undefined : host.buildInfo[expression.field];
				if (expression.field === undefined) return { type: 'unsupported', name: 'table' };
				if (value === undefined) return { type: 'nil' };
				return typeof value === 'number' ? { type: 'integer', value } : { type: 'string', value: new TextEncoder().encode(value) };
			}
			case 'get_tick_count':
				return { type: 'integer', value: host.ticks() | 0 };
			case 'sleep':
				await host.sleep(number);
				return { type: 'nil' };
			case 'write_usb_msg':
				return { type: 'boolean', value: host.write(first ?? { type: 'nil' }) };
			default:
				host.postLevent(number);
				return { type: 'nil' };
		}
	};
	for (const { returns, values } of statements) {
		const results: ScriptValue[] = [];
		for (const value of values) {
			results.push(await evaluate(value));
			if (killed.aborted) return { error: 'interrupted' };
		}
		if (returns) return { returned: results };
	}
	return { returned: [] };
}

function callsOf(expression: Expression): string[] {
	return 'call' in expression ? [expression.call, ...expression.args.flatMap(callsOf)] : [];
}

export const snippetMachine: ScriptMachine = {
	start(source, host): RunningScript | { compileError: string } {
		let statements: Statement[];
		try {
			statements = parse(latin1(source));
			const unknown = statements.flatMap(({ values }) => values.flatMap(callsOf)).find((name) => !Object.hasOwn(known, name));
			if (unknown !== undefined) throw new NotUnderstood(`function '${unknown}' is not known`);
		} catch (error) {
			if (!(error instanceof NotUnderstood)) throw error;
			return { compileError: `:1: ${error.message} (this camera runs simple calls only)` };
		}
		const killed = new AbortController();
		const ended = Promise.resolve().then(() => run(statements, host, killed.signal));
		return { ended, kill: () => killed.abort() };
	},
};
