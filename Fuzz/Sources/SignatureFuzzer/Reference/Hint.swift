/// A packed hint, read as far as it can be read, and whether it is the one form that is allowed.
struct Hint: Sendable {
    /// The places of each polynomial's ones.
    let rows: [Set<Int>]
    /// Whether the bytes are what `HintBitPack` gives (FIPS 204, algorithms 20 and 21).
    let isCanonical: Bool

    /// Reads ω + k bytes as a careless decoder would; nothing if a count leads out of the ω bytes or back.
    init?(_ bytes: [UInt8], _ parameters: Parameters) {
        let ends = bytes[parameters.omega...].map { Int($0) }
        guard zip([0] + ends, ends).allSatisfy({ $0 <= $1 && $1 <= parameters.omega }) else { return nil }
        let rows = zip([0] + ends, ends).map { Set(bytes[$0..<$1].map { Int($0) }) }
        let packed = rows.flatMap { $0.sorted().map { UInt8($0) } }
        let padding = [UInt8](repeating: 0, count: parameters.omega - packed.count)
        let counts = rows.indices.map { row in UInt8(rows[...row].reduce(0) { $0 + $1.count }) }
        self.rows = rows
        isCanonical = bytes == packed + padding + counts
    }
}
