/** What happened in the software camera, in the past tense. The camera's own vocabulary, apart from the program's. */

/** Why the camera's Wi-Fi went off. */
export type OffReason =
	/** One of the two PTP-IP sockets was closed by the other side. */
	| 'connectionClosed'
	/** Somebody connected to 15740 and left without a request, or said nothing in time. */
	| 'probed'
	/** The event connection did not follow in time. */
	| 'eventConnectionMissing'
	/** Nobody connected in time. */
	| 'idle'
	/** Somebody did, but neither GetObjectHandles nor 0x9801 came in time. */
	| 'noPtpMode'
	/** EOS: nobody pressed OK in time. */
	| 'notConfirmed'
	/** EOS and smartphone: nothing was asked for too long. */
	| 'silence'
	/** What came was not PTP-IP. */
	| 'protocolError'
	/** A fault that was asked for. */
	| 'fault'
	/** The paired computer did not answer in time. */
	| 'targetNotFound'
	/** The person at the camera cancelled, or switched it off. */
	| 'cancelled'
	| 'powerOff'
	/** PowerDown (0x1013). */
	| 'poweredDown';

/** What the camera's screen shows. */
export type CameraScreen =
	| { shows: 'off' }
	/** The list of computers; `cursor` is the 0-based line that SET chooses. */
	| { shows: 'computers'; names: readonly string[]; cursor: number }
	/** Looking for the chosen computer again. */
	| { shows: 'connecting'; name: string }
	/** EOS: waits for EOS Utility to read the camera's description. */
	| { shows: 'searching'; for: 'EOS Utility' }
	/** EOS: the description was read; with a name, this initiator waits for OK to be pressed. */
	| { shows: 'pairing'; name: string | null }
	/** The list of smartphones. */
	| { shows: 'phones'; names: readonly string[]; cursor: number }
	/** "Connected to device NAME": 15740 is open. */
	| { shows: 'connected'; name: string }
	/** PTP mode: screen dark, keys locked. */
	| { shows: 'black'; keys: 'locked' | 'free' }
	/** Play mode with the latest picture, after an unlock. `null`: an empty card. */
	| { shows: 'playback'; picture: string | null };

export type SimulatorEvent =
	| { type: 'poweredOn'; model: string; scenario: 'pair' | 'reconnect'; round: number }
	/** The first search of this round; it is repeated until satisfied. */
	| { type: 'searching'; from: string; port: number }
	/** An answer to the search was not good enough. Told once for each sender and reason in a round. */
	| { type: 'answerRefused'; from: string; why: string }
	/** A good answer from a computer that is not looked for. */
	| { type: 'answerIgnored'; from: string; uuid: string; why: 'notPaired' | 'notChosen' }
	| { type: 'descriptionRefused'; from: string; location: string; why: string }
	/** The list of computers changed. */
	| { type: 'listed'; names: readonly string[] }
	/** SET was to be pressed by itself, but there is more than one to choose from. */
	| { type: 'undecided'; names: readonly string[] }
	/** SET was pressed. */
	| { type: 'selected'; name: string; uuid: string }
	/** A computer's UUID was remembered. */
	| { type: 'paired'; name: string; uuid: string }
	/** 15740 takes an initiator. */
	| { type: 'connected'; name: string; uuid: string; address: string; port: number }
	| { type: 'initRefused'; from: string; why: 'notSelected' | 'inUse' | 'wrongConnection' | 'fault'; reason: number }
	/** An initiator was taken. `guid` in hexadecimal. */
	| { type: 'initiator'; from: string; name: string; guid: string; connectionNumber: number }
	| { type: 'sessionOpened'; sessionId: number }
	| { type: 'sessionClosed'; sessionId: number }
	/** An operation was answered. `sent` and `received`: bytes of its data phases. */
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
	| { type: 'screen'; screen: CameraScreen }
	/** A logical event gave screen, keys or both back. */
	| { type: 'unlocked'; levent: number; screen: boolean }
	/** A logical event had no effect. */
	| { type: 'leventIgnored'; levent: number; why: 'unknown' | 'tooSoon' | 'notInPtpMode' }
	/** A script was started, or not. */
	| { type: 'script'; id: number; status: 'started' | 'compileError' | 'refused' }
	/** EOS and smartphone: the camera announces itself; its description is at `location`. */
	| { type: 'announcing'; location: string }
	/** Somebody's search was answered; told once for each sender. */
	| { type: 'searchAnswered'; from: string; target: string }
	/** The camera's description was read. `accepted`: in the way that it demands; `userAgent`: what the reader calls itself. */
	| { type: 'descriptionServed'; from: string; userAgent: string | null; accepted: boolean }
	/** EOS and smartphone: 15740 takes an initiator. */
	| { type: 'portOpened'; address: string; port: number }
	/** Smartphone: the chosen phone did not take the camera's introduction. */
	| { type: 'greetingFailed'; from: string; why: string }
	/** Smartphone: the camera's HTTP service takes requests. */
	| { type: 'phoneServed'; address: string; port: number }
	/** EOS: an initiator with another GUID than X_targetId was cut off without a word. Both as UUIDs. */
	| { type: 'initiatorDropped'; from: string; guid: string; expected: string }
	/** EOS: OK was pressed; the Ack goes out. */
	| { type: 'confirmed'; name: string }
	| { type: 'fault'; what: string }
	/** The Wi-Fi went off; the round is over. */
	| { type: 'wifiOff'; why: OffReason; session: boolean };

export type SimulatorEmit = (event: SimulatorEvent) => void;
