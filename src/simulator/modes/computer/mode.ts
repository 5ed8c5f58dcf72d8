/** "Connect to a computer": the camera searches, lists the computers that answer as Windows does, and its user chooses one. */
import { startSearching } from '../../discovery/searcher.ts';
import type { Strictness } from '../../discovery/strictness.ts';
import type { ModeMaker } from '../mode.ts';
import { computerFirmware } from './reduce.ts';
import { type ComputerRules, type ComputerState, computerPortState, computerScreen, searches } from './state.ts';

/** Makes the mode with these rules. `strictness` says how the description's Content-Type is judged. */
export function computerMode(rules: ComputerRules, strictness: Strictness): ModeMaker<ComputerState, never> {
	return ({ address, ssdpPort, clock, emit, faults, input, state }) => ({
		step: (at, what) => computerFirmware(at, what, rules),
		portState: (at) => computerPortState(at, rules),
		screen: computerScreen,
		activities: (at) =>
			searches(at)
				? [
						{
							key: `search ${at.at}`,
							begin: () =>
								startSearching({
									address,
									ssdpPort,
									clock,
									emit,
									strictness,
									faults,
									wants: (uuid) => {
										const now = state();
										if (now.at !== 'connecting' || now.wanted.some((one) => one.uuid === uuid)) return 'yes';
										return now.add ? 'notChosen' : 'notPaired';
									},
									found: (computer) => input({ type: 'computerFound', computer }),
								}),
						},
					]
				: [],
		portOpened: (at, address, port) =>
			at.at === 'connected' ? { type: 'connected', name: at.computer.name, uuid: at.computer.uuid, address, port } : undefined,
	});
}
