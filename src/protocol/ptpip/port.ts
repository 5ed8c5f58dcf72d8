/** TCP port of PTP-IP (CIPA DC-X005). In a file of its own, because `--help` needs the number and nothing else. */
export const PTPIP_PORT = 15740;
