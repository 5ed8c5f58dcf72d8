// What a computer does for an EOS, by itself: hears its announcements, searches for it and, when told to, reads its description.
// argv: own address. stdin: `search`, `read USER-AGENT`.
import { get } from 'node:http';
import { join, obey, search, tell } from './upnp.mjs';

const address = process.argv[2];
const TYPE = 'urn:schemas-canon-com:service:ICPO-WFTEOSSystemService:1';
let location;

const { say } = await join(address, ({ first, field, from }) => {
	const target = field('NT') ?? field('ST');
	if (target !== TYPE) return;
	location = field('LOCATION') ?? location;
	tell(first.startsWith('NOTIFY') ? field('NTS') : 'answer', {
		from: from.address,
		location: field('LOCATION') ?? null,
		usn: field('USN'),
	});
});
tell('listening');

obey({
	search: () => say(search(TYPE)),
	read: (...agent) =>
		get(location, { localAddress: address, agent: false, headers: { 'User-Agent': agent.join(' ') } }, (response) => {
			let body = '';
			response.setEncoding('utf8').on('data', (text) => {
				body += text;
			});
			response.on('end', () =>
				tell('description', { status: response.statusCode, target: /X_targetId[^>]*>([^<]*)/.exec(body)?.[1] ?? null }),
			);
		}),
});
