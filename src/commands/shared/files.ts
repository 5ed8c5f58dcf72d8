/** Files that a person names on the command line. */
export interface Files {
	/** The text of a file, or of stdin for `-`. Rejects with `badImport` when it cannot be read. */
	read(file: string): Promise<string>;
	/** Writes a new file, mode 0600. Rejects with `usage` when there is one and `force` is not given, else `settingsUnwritable`. */
	write(file: string, text: string, force: boolean): Promise<void>;
}
