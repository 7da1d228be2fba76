/** Gates that run the real apt, as machines do that install from the mirror. */
export { aptGate } from "./apt-gate.ts";
export { profilesGate } from "./profiles-gate.ts";
