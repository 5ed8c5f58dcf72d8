/** CHDK's functions for parts that this camera does not have: lens, sensor, keys and lights. It answers like a camera that nobody touches. */
import type { LuaFunction } from 'fengari/src/lua.js';
import { integerArgument, type LuaValue, returning } from './values.ts';

/** Makes a function that always returns these values. */
export const always = (...values: LuaValue[]): LuaFunction => returning(() => values);
/** "Market" and "real" sensitivity differ between cameras; here they are the same. */
const same = returning((L) => [integerArgument(L, 1)]);

/** Exposure in steps of 1/96 APEX: f/2.8, 1/64 s, ISO 100. */
const APEX = { f2_8: 3 * 96, s1_64: 6 * 96, iso100: 5 * 96 } as const;

/** Values that never change here, because nothing is shot, zoomed or pressed. */
const answers: Readonly<Record<string, LuaFunction>> = {
	autostarted: always(false),
	get_av96: always(APEX.f2_8),
	get_autostart: always(0),
	get_drive_mode: always(0),
	get_ev: always(0),
	get_flash_mode: always(0),
	get_focus: always(1000),
	get_focus_mode: always(0),
	get_iso_market: always(100),
	get_iso_mode: always(0),
	get_iso_real: always(100),
	get_movie_status: always(1),
	get_nd_present: always(0),
	get_orientation_sensor: always(0),
	get_raw: always(false),
	get_sd_over_modes: always(0),
	get_shooting: always(false),
	get_sv96: always(APEX.iso100),
	get_temperature: always(30),
	get_tv96: always(APEX.s1_64),
	get_usb_capture_support: always(0),
	get_usb_power: always(0),
	get_vbatt: always(3950),
	get_video_button: always(1),
	get_zoom: always(0),
	get_zoom_steps: always(128),
	init_usb_capture: returning((L) => [integerArgument(L, 1) === 0]),
	is_key: always(false),
	is_pressed: always(false),
	iso_market_to_real: same,
	iso_real_to_market: same,
	set_capture_mode: always(false),
	sv96_market_to_real: same,
	sv96_real_to_market: same,
};

/** Functions without effect: keys, lights, text on the screen, and exposure. */
const withoutEffect: readonly string[] = [
	'click',
	'cls',
	'console_redraw',
	'draw_clear',
	'enter_alt',
	'exit_alt',
	'play_sound',
	'press',
	'print_screen',
	'release',
	'set_aelock',
	'set_aflock',
	'set_av96',
	'set_av96_direct',
	'set_backlight',
	'set_console_autoredraw',
	'set_console_layout',
	'set_draw_title_line',
	'set_ev',
	'set_exit_key',
	'set_focus',
	'set_iso_mode',
	'set_iso_real',
	'set_lcd_display',
	'set_led',
	'set_mf',
	'set_nd_filter',
	'set_raw',
	'set_sv96',
	'set_tv96',
	'set_tv96_direct',
	'set_usb_capture_timeout',
	'set_zoom',
	'set_zoom_speed',
];

/** The functions by name. */
export const fixedAnswers: Readonly<Record<string, LuaFunction>> = {
	...answers,
	...Object.fromEntries(withoutEffect.map((name) => [name, always()])),
};
