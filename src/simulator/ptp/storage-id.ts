/** Storage id of the card: storage 1, partition 1. */
export const STORAGE_ID = 0x0001_0001;
