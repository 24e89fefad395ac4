/// The loops that Swift cannot turn into SIMD instructions without compiler flags, and nothing else.
///
/// Each has a plain Swift twin that gives the same results; `Kernels` chooses between them at run time. Functions for a
/// family of processors are compiled for it by attribute, exist on that architecture only, and may be called only where
/// `hotstuff_processor_runs_…` has said so.
#ifndef HOTSTUFF_CKERNELS_H
#define HOTSTUFF_CKERNELS_H

#include "blake3.h"
#include "keccak.h"
#include "lattice.h"
#include "processor.h"
#include "secrecy.h"
#include "wipe.h"

#endif
