/** The built-in client's help. */

/** What `help` prints, and `--tool builtin -- help`. */
export const HELP = `Commands of the built-in client:
  info                        model, serial number, firmware, CHDK, cards
  ls [PATH]                   what is on the card, or in one of its folders
  get FILE... [--to DIR]      download files; a folder stands for all files in it
  get --all [--to DIR]        download everything
  lua CODE                    run CODE on the camera (needs CHDK); "lua =X" shows X
  help                        this text
  quit                        leave (at the prompt)

FILE is a path such as DCIM/100CANON/IMG_0001.JPG, or a name, which is searched for in
all folders. Upper and lower case are the same; * and ? stand for any characters.

get puts files straight into DIR (default: the current folder). With --all, and when
two chosen files have the same name, the camera's folders are kept: DIR/100CANON/
IMG_0001.JPG. A file that exists with the same size and date is skipped. If only the
date differs, a small part is compared with the camera's (the whole file, if the
camera cannot send parts), and the same file is skipped. Nothing is overwritten:
another file becomes IMG_0001~2.JPG. An interrupted download stays as NAME.part and
is completed the next time. Files keep the camera's time.
`;
