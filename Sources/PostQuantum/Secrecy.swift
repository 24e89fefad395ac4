internal import CKernels

/// Marks memory as secret for a tool that watches what depends on it; does nothing in an ordinary build.
///
/// With the package trait `ConstantTimeCheck`, valgrind then reports each branch and each address that depends on it.
@inline(__always)
func markSecret(_ memory: UnsafeRawPointer, byteCount: Int) {
    #if ConstantTimeCheck
    hotstuff_secret(memory, byteCount)
    #endif
}

/// Says that memory may be known to all, although it was computed from secrets.
///
/// Each use says why. Does nothing in an ordinary build.
@inline(__always)
func markPublic(_ memory: UnsafeRawPointer, byteCount: Int) {
    #if ConstantTimeCheck
    hotstuff_public(memory, byteCount)
    #endif
}
