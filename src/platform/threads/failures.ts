/** An error of the disk, as its properties: an Error loses them on its way to another thread. */
export type SystemFailure = { readonly message: string } & Readonly<Record<string, unknown>>;

export const failureOf = (error: Error): SystemFailure => ({
  ...Object.fromEntries(Object.entries(error)),
  message: error.message,
});

export const errorOf = (failure: SystemFailure): Error => Object.assign(new Error(failure.message), failure);
