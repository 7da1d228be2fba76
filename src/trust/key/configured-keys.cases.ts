import { altered, type SignedCase } from "../signature/signers.fixture.ts";

/** Cases of an InRelease by one or several signers, whose keys are partly not in the ring. */
export const configuredKeyCases: readonly SignedCase[] = [
  {
    signed: "by a configured key",
    ring: ["alice"],
    make: (signers) => signers.by("alice"),
    outcome: "accepted",
    gpgv: "GOODSIG",
  },
  {
    signed: "by two configured keys",
    ring: ["alice", "bob"],
    make: (signers) => signers.by("alice", "bob"),
    outcome: "accepted",
    gpgv: "GOODSIG GOODSIG",
  },
  {
    signed: "by a configured and an unknown key",
    ring: ["alice"],
    make: (signers) => signers.by("alice", "bob"),
    outcome: "accepted",
    gpgv: "GOODSIG ERRSIG",
  },
  {
    signed: "by an unknown and a configured key",
    ring: ["bob"],
    make: (signers) => signers.by("alice", "bob"),
    outcome: "accepted",
    gpgv: "ERRSIG GOODSIG",
  },
  {
    signed: "by an unknown key only",
    ring: ["bob"],
    make: (signers) => signers.by("alice"),
    outcome: "SIGNER_UNKNOWN",
    gpgv: "ERRSIG",
  },
  {
    signed: "by a configured key, then altered",
    ring: ["alice"],
    make: (signers) => altered(signers.by("alice")),
    outcome: "SIGNATURE_INVALID",
    gpgv: "BADSIG",
  },
  {
    signed: "by an unknown key, then altered",
    ring: ["bob"],
    make: (signers) => altered(signers.by("alice")),
    outcome: "SIGNER_UNKNOWN",
    gpgv: "ERRSIG",
  },
  {
    signed: "well, and badly by another configured key",
    ring: ["alice", "bob"],
    make: (signers) => signers.goodAndBadBy("bob"),
    outcome: "SIGNATURE_INVALID",
    gpgv: "GOODSIG BADSIG",
  },
  {
    signed: "well and badly by one key",
    ring: ["alice"],
    make: (signers) => signers.goodAndBadBy("alice"),
    outcome: "SIGNATURE_INVALID",
    gpgv: "GOODSIG BADSIG",
  },
  {
    signed: "well, and badly by an unknown key",
    ring: ["alice"],
    make: (signers) => signers.goodAndBadBy("bob"),
    outcome: "accepted",
    gpgv: "GOODSIG ERRSIG",
  },
];
