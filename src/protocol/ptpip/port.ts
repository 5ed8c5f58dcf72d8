/** TCP port of PTP-IP (CIPA DC-X005). Alone in its file: the help of the program names it and needs no more. */
export const PTPIP_PORT = 15740;
