/// The name of a data directory that no other has, drawn at random when it is needed first.
///
/// It is kept in the directory's file `identity`. A copy of the directory has the same name; a directory that was emptied, or
/// whose file is damaged, gets another one.
public struct DataIdentity: Hashable, Sendable {
    /// The sixteen bytes.
    let bytes: [UInt8]

    /// The length in bytes.
    static let byteCount = 16

    /// Takes some bytes for an identity; they must be sixteen.
    init(_ bytes: [UInt8]) {
        precondition(bytes.count == DataIdentity.byteCount, "an identity of \(bytes.count) bytes")
        self.bytes = bytes
    }

    /// Draws one.
    static func random() -> DataIdentity {
        var random = SystemRandomNumberGenerator()
        return DataIdentity((0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// The identity of a directory; nil if it has none that is whole.
    public static func find(on disk: some Disk) throws(DiskError) -> DataIdentity? {
        guard let file = try disk.smallFile(fileName, maximum: 256),
            let bytes = SealedBytes.open(file, magic: magic), bytes.count == byteCount
        else { return nil }
        return DataIdentity(bytes)
    }

    /// The identity of a directory, which is made if it has none; when this returns, it survives everything.
    public static func findOrMake(on disk: some Disk) throws(DiskError) -> DataIdentity {
        if let identity = try find(on: disk) { return identity }
        return try make(on: disk)
    }

    /// Gives a directory a new identity; when this returns, it survives everything.
    static func make(on disk: some Disk) throws(DiskError) -> DataIdentity {
        let identity = random()
        try disk.replaceSmallFile(fileName, with: SealedBytes.seal(identity.bytes, magic: magic))
        return identity
    }

    private static let fileName = "identity"
    private static let magic = "hs_ident"
}
