/** What reading something fails with that is there: a disk that has lost it, a user who may not. */
export const codesOfReading = ["EIO", "EUCLEAN", "EACCES", "EPERM"] as const;
