// Canon's app on a phone: describes itself, takes the camera's introduction, and asks for RemoteCapture when told to.
// argv: own address, and `announces` (by NOTIFY, each second) or `answers` (only searches). stdin: `usecase NAME STATUS`.
import { createServer, get, request } from 'node:http';
import { join, obey, tell } from './upnp.mjs';

const [address, how] = process.argv.slice(2);
const UUID = '7b788b31-ec1e-445a-b5ef-243274b188f6';
const PHONE = 'urn:schemas-canon-com:service:CameraConnectedMobileService:1';
const CAMERA = 'urn:schemas-canon-com:service:MobileConnectedCameraService:1';
const imink = (name, value) => `<ns:${name} xmlns:ns="urn:schemas-canon-com:schema-imink">${value}</ns:${name}>`;
let camera;

const documents = {
	'/MobileDevDesc.xml': `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><friendlyName>Redmi 5</friendlyName>
<UDN>uuid:${UUID}</UDN><serviceList><service><serviceType>${PHONE}</serviceType>${imink('X_SCPDURL', 'desc_iml/CameraConnectedMobile.xml')}</service></serviceList></device></root>`,
	'/desc_iml/CameraConnectedMobile.xml': `<?xml version="1.0"?><scpd><actionList><action><name>SetUsecaseStatus</name>${imink('X_resourceName', 'UsecaseStatus')}</action></actionList></scpd>`,
};
createServer(({ url, method, socket }, response) => {
	tell('asked', { line: `${method} ${url}`, from: socket.remoteAddress });
	response.statusCode = url in documents ? 200 : 404;
	response.end(documents[url] ?? '');
	// Reading the camera's actions right then spares a long wait.
	if (url.startsWith('/desc_iml/')) get(new URL(`/desc_iml/MobileConnectedCamera.xml?uuid=${UUID}`, camera), (got) => got.resume());
}).listen(49152, address);
createServer((asked, response) => {
	tell('posted', { line: asked.url });
	asked.resume().on('end', () => response.end());
}).listen(8615, address);

const about = [`Location: http://${address}:49152/MobileDevDesc.xml`, 'Cache-Control: max-age=1800', `USN: uuid:${UUID}::${PHONE}`];
const group = await join(address, ({ first, field, from }) => {
	if (first === 'M-SEARCH * HTTP/1.1' && field('ST') === PHONE && how === 'answers')
		group.answer(['HTTP/1.1 200 OK', ...about, `ST: ${PHONE}`], from);
	if (first === 'NOTIFY * HTTP/1.1' && field('NT') === CAMERA) {
		camera = field('LOCATION') ?? camera;
		tell(field('NTS'), { from: from.address });
	}
});
if (how === 'announces')
	setInterval(() => group.say(['NOTIFY * HTTP/1.1', 'Host: 239.255.255.250:1900', ...about, `NT: ${PHONE}`, 'NTS: ssdp:alive']), 1000);
tell('listening');

obey({
	usecase: (name, status) => {
		const { hostname } = new URL(camera);
		const path = `/MobileConnectedCamera/UsecaseStatus?Name=${name}&MajorVersion=1&MinorVersion=0`;
		const asked = request({ hostname, port: 8615, path, method: 'POST', localAddress: address, agent: false });
		asked.on('response', (response) => {
			response.resume();
			tell('usecase', { name, status: response.statusCode });
		});
		asked.end(`<?xml version="1.0"?>\n<ParamSet xmlns="${CAMERA}">\n  <Status>${status}</Status>\n</ParamSet>\n`);
	},
});
