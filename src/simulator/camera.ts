/** Switches simulated cameras on. */
import { randomUUID } from 'node:crypto';
import { CodedError } from '#base/errors.ts';
import { uuidOf } from '#protocol/ptpip/guid.ts';
import { cameraGuid } from './camera-port.ts';
import { Card } from './card/card.ts';
import { openCard } from './card/open.ts';
import { computerMode } from './modes/computer/mode.ts';
import { type EosIdentity, eosMode } from './modes/eos/mode.ts';
import type { ModeMaker } from './modes/mode.ts';
import { type PhoneSetUp, smartphoneMode } from './modes/smartphone/mode.ts';
import { type CameraOptions, DEFAULTS, eosRulesOf, phoneRulesOf, rulesOf } from './options.ts';
import { Pairings } from './pairings.ts';
import type { CameraPorts, SoftwareCamera } from './software-camera.ts';
import { VirtualCamera, type VirtualCameraParts } from './virtual-camera.ts';

export type { CameraPorts, SoftwareCamera } from './software-camera.ts';

/**
 * Switches a camera on. Resolves when it searches for computers or announces itself. Rejects with `notOurAddress`,
 * `cannotListen` or `usage` if address, port or card cannot be used.
 */
export async function startCamera(options: CameraOptions, ports: CameraPorts): Promise<SoftwareCamera> {
	const pairings = await Pairings.load(options.state);
	if (options.scenario === 'reconnect' && pairings.list().length === 0)
		throw new CodedError('usage', {
			problem: 'This camera has not been paired with any computer, so it has none to look for.',
			next: 'Let it pair first with --scenario pair and --state FILE, then give the same file.',
		});
	const switchOn = switchFor(options);
	const opened = await openCard(options.media, options.model);
	return switchOn({ options, ports, pairings, card: new Card(opened.root), removeCard: opened.close });
}

type Switch = (parts: Omit<VirtualCameraParts<unknown, unknown>, 'mode'>) => Promise<SoftwareCamera>;

/** Chooses the menu entry. Throws `usage` if the model has no such entry. */
function switchFor(options: CameraOptions): Switch {
	const { model } = options;
	const flow = options.flow ?? (model.eos === undefined ? 'computer' : 'eos');
	// An EOS has these entries too, but its protocol differs there.
	if (flow !== 'eos' && model.eos !== undefined)
		throw new CodedError('usage', {
			problem: `The ${model.model} is played with "Remote control (EOS Utility)" only.`,
			next: 'Leave --flow out, or choose a PowerShot with --model.',
		});
	switch (flow) {
		case 'computer':
			return switching(computerMode(rulesOf(options), options.contentType ?? DEFAULTS.contentType));
		case 'eos':
			return switching(eosMode(eosIdentity(options), eosRulesOf(options)));
		case 'smartphone':
			return switching(smartphoneMode(phoneSetUp(options), phoneRulesOf(options)));
	}
}

function switching<S extends { at: string }, I>(mode: ModeMaker<S, I>): Switch {
	return async (parts) => {
		const camera = new VirtualCamera({ ...parts, mode });
		await camera.start();
		return camera;
	};
}

function phoneSetUp(options: CameraOptions): PhoneSetUp {
	return {
		model: options.model.model,
		uuid: randomUUID(),
		descriptionPort: options.descriptionPort ?? DEFAULTS.descriptionPort,
		servicePort: options.iminkPort ?? DEFAULTS.iminkPort,
		phonePort: options.phonePort ?? DEFAULTS.phonePort,
	};
}

function eosIdentity({ model, descriptionPort = DEFAULTS.descriptionPort }: CameraOptions): EosIdentity {
	if (model.eos === undefined)
		throw new CodedError('usage', {
			problem: `The ${model.model} has no "Remote control (EOS Utility)" in its Wi-Fi menu.`,
			next: 'Leave --model out for one that has.',
		});
	return { ...model.eos, model: model.model, serialNumber: model.serialNumber, uuid: uuidOf(cameraGuid(model)), port: descriptionPort };
}
