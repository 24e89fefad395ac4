import HotStuff
import HotStuffSimulator
import HotStuffStorage

/// An execution of a chain that takes a snapshot at every second block, and the header of its last block.
struct SnapshotFixture {
    static let chain = Digest.hash(of: [1])
    static let interval: UInt64 = 2

    private(set) var execution = Execution(machine: KeyValueStore(), snapshotInterval: interval)
    private(set) var header = block(height: 0, []).header

    /// A chain whose session 1.0 is open, executed up to a height.
    init(height: UInt64, valueByteCount: Int = 3) { advance(to: height, valueByteCount: valueByteCount) }

    /// Executes blocks with one command each.
    mutating func advance(to height: UInt64, valueByteCount: Int = 3) {
        while header.height.rawValue < height {
            let next = header.height.rawValue + 1
            let value = [UInt8](repeating: UInt8(next & 255), count: valueByteCount)
            let session = SessionID(height: Height(1), position: 0)
            let put = KeyValueCommand.put(key: [UInt8(next & 255)], value: value).encoded
            let command =
                next == 1
                ? Command.openSession(nonce: 1)
                : Command(key: CommandKey(session: session, sequence: next), body: put)
            let block = Self.block(height: next, [command])
            _ = execution.execute(block)
            header = block.header
        }
    }

    /// Writes the snapshot of the present height.
    @discardableResult
    func write<Storage: Disk>(to disk: Storage) throws(SnapshotStoreError) -> SnapshotManifest? {
        guard let writer = SnapshotWriter(of: execution, behind: header) else { return nil }
        return try writer.write(to: SnapshotStore(on: disk, chain: Self.chain)).manifest
    }

    /// The execution that a reader's content stands for.
    static func restore<Storage: Disk>(
        _ reader: SnapshotReader<Storage>
    ) throws(SnapshotError) -> Execution<KeyValueStore> {
        var content = reader.content()
        return try Execution(
            restoring: KeyValueStore(),
            of: reader.manifest,
            snapshotInterval: interval,
            from: &content
        )
    }

    private static func block(height: UInt64, _ commands: [Command]) -> Block {
        let payload = Payload(commands)
        let header = BlockHeader(
            chain: chain,
            epoch: .first,
            view: View(height),
            height: Height(height),
            parent: .zero,
            justifyView: .genesis,
            proposer: ReplicaID(0),
            payloadDigest: payload.digest,
            executed: .genesis,
            time: Timestamp(height)
        )
        return Block(header: header, payload: payload, justify: .genesis(header))
    }
}

/// The name of the snapshot of a height.
func snapshotName(_ height: UInt64) -> String {
    let digits = String(height)
    return "snapshot-" + String(repeating: "0", count: 20 - digits.count) + digits
}
