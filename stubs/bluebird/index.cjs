// node-ssdp takes its promises from this package: 130 KB that `serve` would read before it answers. Node has its own.
module.exports = Promise;
