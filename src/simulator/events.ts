/** Events of the simulated camera, in the past tense. They are separate from the program's own events. */

/** Why the camera's Wi-Fi went off. */
export type OffReason =
	/** One of the two PTP-IP sockets was closed by the other side. */
	| 'connectionClosed'
	/** Somebody connected to 15740 and left without a request, or sent nothing in time. */
	| 'probed'
	/** The event connection did not follow in time. */
	| 'eventConnectionMissing'
	/** Nobody connected in time. */
	| 'idle'
	/** Somebody connected, but neither GetObjectHandles nor 0x9801 came in time. */
	| 'noPtpMode'
	/** EOS: nobody pressed OK in time. */
	| 'notConfirmed'
	/** EOS and smartphone: no request came for too long. */
	| 'silence'
	/** The initiator did not speak PTP-IP. */
	| 'protocolError'
	/** A fault that was requested with --fault. */
	| 'fault'
	/** The paired computer did not answer in time. */
	| 'targetNotFound'
	/** The person at the camera cancelled, or switched it off. */
	| 'cancelled'
	| 'powerOff'
	/** PowerDown (0x1013). */
	| 'poweredDown';

/** What the camera's screen shows. */
export type ScreenContents =
	| { shows: 'off' }
	/** The list of computers. `cursor` is the 0-based line that SET chooses. */
	| { shows: 'computers'; names: readonly string[]; cursor: number }
	/** Looking for the chosen computer again. */
	| { shows: 'connecting'; name: string }
	/** EOS: waits for EOS Utility to read the camera's description. */
	| { shows: 'searching'; for: 'EOS Utility' }
	/** EOS: the description was read. With a name, this initiator waits until OK is pressed. */
	| { shows: 'pairing'; name: string | null }
	/** The list of smartphones. */
	| { shows: 'phones'; names: readonly string[]; cursor: number }
	/** "Connected to device NAME": 15740 is open. */
	| { shows: 'connected'; name: string }
	/** PTP mode: screen dark, keys locked. */
	| { shows: 'black'; keys: 'locked' | 'free' }
	/** Play mode with the latest picture, after an unlock. `null`: an empty card. */
	| { shows: 'playback'; picture: string | null };

/** Something that happened in the camera. */
export type SimulatorEvent =
	| { type: 'poweredOn'; model: string; scenario: 'pair' | 'reconnect'; round: number }
	/** The first search of this round. It is repeated until the camera has what it needs. */
	| { type: 'searching'; from: string; port: number }
	/** An answer to the search was refused. Reported once per round for each sender and reason. */
	| { type: 'answerRefused'; from: string; why: string }
	/** A good answer came from a computer that the camera does not look for. */
	| { type: 'answerIgnored'; from: string; uuid: string; why: 'notPaired' | 'notChosen' }
	| { type: 'descriptionRefused'; from: string; location: string; why: string }
	/** The list of computers changed. */
	| { type: 'listed'; names: readonly string[] }
	/** SET should have been pressed automatically, but there is more than one name to choose from. */
	| { type: 'undecided'; names: readonly string[] }
	/** SET was pressed. */
	| { type: 'selected'; name: string; uuid: string }
	/** The camera saved a computer's UUID. */
	| { type: 'paired'; name: string; uuid: string }
	/** Port 15740 accepts an initiator. */
	| { type: 'connected'; name: string; uuid: string; address: string; port: number }
	| { type: 'initRefused'; from: string; why: 'notSelected' | 'inUse' | 'wrongConnection' | 'fault'; reason: number }
	/** An initiator was accepted. `guid` is in hexadecimal. */
	| { type: 'initiator'; from: string; name: string; guid: string; connectionNumber: number }
	| { type: 'sessionOpened'; sessionId: number }
	| { type: 'sessionClosed'; sessionId: number }
	/** An operation was answered. `sent` and `received` are the bytes of its data phases. */
	| {
			type: 'operation';
			code: number;
			name: string;
			transactionId: number;
			params: readonly number[];
			response: string;
			sent: number;
			received: number;
	  }
	| { type: 'screen'; screen: ScreenContents }
	/** A logical event unlocked the keys, or screen and keys. */
	| { type: 'unlocked'; levent: number; screen: boolean }
	/** A logical event had no effect. */
	| { type: 'leventIgnored'; levent: number; why: 'unknown' | 'tooSoon' | 'notInPtpMode' }
	/** A script was started or refused. */
	| { type: 'script'; id: number; status: 'started' | 'compileError' | 'refused' }
	/** EOS and smartphone: the camera announces itself, with its description at `location`. */
	| { type: 'announcing'; location: string }
	/** A search was answered. Reported once for each sender. */
	| { type: 'searchAnswered'; from: string; target: string }
	/** The camera's description was read. `accepted`: it was read in the required way. */
	| { type: 'descriptionServed'; from: string; userAgent: string | null; accepted: boolean }
	/** EOS and smartphone: port 15740 accepts an initiator. */
	| { type: 'portOpened'; address: string; port: number }
	/** Smartphone: the chosen phone did not accept the camera's introduction. */
	| { type: 'greetingFailed'; from: string; why: string }
	/** Smartphone: the camera's HTTP service accepts requests. */
	| { type: 'phoneServed'; address: string; port: number }
	/** EOS: an initiator whose GUID is not X_targetId was disconnected without an answer. Both are given as UUIDs. */
	| { type: 'initiatorDropped'; from: string; guid: string; expected: string }
	/** EOS: OK was pressed, and the Ack is sent. */
	| { type: 'confirmed'; name: string }
	| { type: 'fault'; what: string }
	/** The Wi-Fi went off; the round is over. */
	| { type: 'wifiOff'; why: OffReason; session: boolean };

/** Reports an event. */
export type SimulatorEmit = (event: SimulatorEvent) => void;
