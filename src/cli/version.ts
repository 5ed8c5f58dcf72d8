/** This program's version, put in when it is built. */
export const VERSION = process.env.CANON_WIFI_VERSION ?? '0.0.0-source';
