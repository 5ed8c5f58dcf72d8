import { expect, test } from 'vitest';
import { operationName } from '#protocol/ptp/operations.ts';
import { modelById, models } from '#simulator/models/catalogue.ts';
import { ixusWireless } from '#simulator/models/ixus-wireless.ts';
import { operationsOf } from '#simulator/ptp/table.ts';
import { flat, openSession, startComputer, startStage } from '../world.ts';

const le = (value: number): string => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes.toString('hex');
};

/** ExecuteScript, ending one that runs, with the source as chdkptp sends it: Data with transaction id 0, then an empty End Data. */
function script(source: string, id: number): string {
	const bytes = Buffer.from(`${source}\0`);
	return `1A000000 06000000 00000000 9999 ${le(id)} 07000000 00060000
		14000000 09000000 ${le(id)} ${le(bytes.length)} 00000000
		${le(12 + bytes.length)} 0A000000 00000000 ${bytes.toString('hex')}
		0C000000 0C000000 ${le(id)}`;
}

test('a VxWorks body goes black by GetObjectHandles, and only its own levents give screen and keys back', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer, { model: ixusWireless });
	await stage.pair();
	const { command } = await openSession(stage.camera);
	command.send('1E000000 06000000 00000000 0710 01000000 FFFFFFFF 00000000 00000000');
	while (!(await command.packet()).startsWith(flat('0E000000 07000000 0120')));
	stage.clock.advance(250);
	expect(stage.camera.screen).toEqual({ shows: 'black', keys: 'locked' });

	command.send(script('post_levent_to_ui(4482)', 2)); // DryOS's number
	await command.packet();
	expect(await stage.event('leventIgnored')).toMatchObject({ levent: 4482, why: 'unknown' });
	expect(stage.camera.screen).toEqual({ shows: 'black', keys: 'locked' });
	command.send(script('post_levent_to_ui(4420)', 3)); // keys only
	await command.packet();
	expect(await stage.event('unlocked')).toMatchObject({ levent: 4420, screen: false });
	expect(stage.camera.screen).toEqual({ shows: 'black', keys: 'free' });
	command.send(script('post_levent_to_ui(4418)', 4));
	await command.packet();
	expect(await stage.event('unlocked', ({ screen }) => screen)).toMatchObject({ levent: 4418 });
	expect(stage.camera.screen).toMatchObject({ shows: 'playback' });
});

test('0x9801 is no way into PTP mode there: the camera gives up', async () => {
	await using computer = await startComputer();
	await using stage = await startStage(computer, { model: ixusWireless });
	await stage.pair();
	const { command } = await openSession(stage.camera);
	command.send('16000000 06000000 00000000 0198 01000000 01380000');
	expect(await command.packet()).toBe(flat('0E000000 07000000 0520 01000000'));
	stage.clock.advance(20_000);
	await expect(stage.camera.ended).resolves.toEqual({ why: 'noPtpMode', session: true });
});

test.each(models.map((model) => [model.id, model] as const))('%s is sound', (id, model) => {
	expect(modelById(id)).toBe(model);
	expect(models.filter((other) => other.id === id || other.mac === model.mac)).toEqual([model]);
	expect(model.mac).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
	expect(model.imageFormats).toContain(0x3801); // what chdkptp gives 0x9801
	expect(model.manufacturer).toContain('Canon'); // what libgphoto2 knows Canon by
	for (const list of [model.operations, model.events, model.imageFormats, model.properties.map(({ code }) => code)])
		expect(new Set(list).size).toBe(list.length);
	const answered = operationsOf(model, false);
	for (const code of [0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x1006, 0x1007, 0x1008, 0x1009, 0x100a, 0x101b])
		expect(answered.has(code), operationName(code)).toBe(true);
	expect(answered.has(0x100f)).toBe(false); // FormatStore would empty somebody's folder
});
