/// The eight words that one compression hands to the next: a chaining value, a key, or the first 32 bytes of output.
///
/// They are separate stored words, not an array, so that the optimiser keeps them in registers (BLAKE3 paper, section 2.2).
struct ChainingValue: Sendable {
    /// The byte length of a chaining value, a key and a default output.
    static let byteCount = 32

    /// The initial value, the key of the unkeyed modes (table 1: the first eight words of the SHA-256 state).
    static let initial = ChainingValue(
        h0: 0x6A09_E667,
        h1: 0xBB67_AE85,
        h2: 0x3C6E_F372,
        h3: 0xA54F_F53A,
        h4: 0x510E_527F,
        h5: 0x9B05_688C,
        h6: 0x1F83_D9AB,
        h7: 0x5BE0_CD19
    )

    var h0: UInt32
    var h1: UInt32
    var h2: UInt32
    var h3: UInt32
    var h4: UInt32
    var h5: UInt32
    var h6: UInt32
    var h7: UInt32
}
