/// Where a chain begins that goes on from another one: what was certified there last, and the state behind it.
///
/// When more replicas than may fail have lost their disks, the chain cannot go on: the others are no quorum, and nobody knows what
/// the lost ones had signed. So another chain begins, in another epoch, with the state behind the highest block that is known to be
/// certified. Its genesis document names that block here, and so its digest, which is in every statement, every handshake and every
/// journal, is another one: no signature of the old chain counts on the new one. That is why its replicas may begin with
/// empty safety records, and the only reason.
public struct Origin: Hashable, Sendable {
    /// The chains from which this one comes, each by the digest of its genesis document: the first one, and so on to the one that was
    /// given up last.
    public let predecessors: [Digest]
    /// The epoch that begins: the one after the epoch that was given up.
    public let epoch: Epoch
    /// The view of the last block.
    public let view: View
    /// The height of the last block, at which this chain begins.
    public let height: Height
    /// The name of the last block.
    public let block: Digest
    /// The digest of the state behind the last block, with the root of its snapshot.
    public let state: Digest
    /// The time of the last block.
    public let time: Timestamp

    /// The most chains, one after the other, from which a chain can come.
    public static let maximumPredecessorCount = 256
    /// The highest view or height at which a chain can begin, so that there are others above it.
    public static let maximumQuantity: UInt64 = 1 << 62

    /// Creates an origin.
    public init(
        predecessors: [Digest],
        epoch: Epoch,
        view: View,
        height: Height,
        block: Digest,
        state: Digest,
        time: Timestamp
    ) {
        self.predecessors = predecessors
        self.epoch = epoch
        self.view = view
        self.height = height
        self.block = block
        self.state = state
        self.time = time
    }

    /// The chain that was given up last; none only where `fault` says so.
    public var predecessor: Digest? { predecessors.last }

    /// What is wrong with this origin, as one clause that names the field; nothing if all is well.
    public var fault: String? {
        if !(1...Self.maximumPredecessorCount).contains(predecessors.count) {
            return "predecessors are \(predecessors.count), allowed are 1 to \(Self.maximumPredecessorCount)"
        }
        if Set(predecessors).count < predecessors.count { return "predecessors name one chain twice" }
        if epoch.rawValue < UInt64(predecessors.count) || epoch.rawValue > Self.maximumQuantity {
            return "epoch is \(epoch), allowed are \(predecessors.count) to \(Self.maximumQuantity)"
        }
        if !(1...Self.maximumQuantity).contains(height.rawValue) {
            return "height is \(height), allowed are 1 to \(Self.maximumQuantity)"
        }
        if !(1...Self.maximumQuantity).contains(view.rawValue) {
            return "view is \(view), allowed are 1 to \(Self.maximumQuantity)"
        }
        return nil
    }
}

extension Origin: BorshCodable {
    /// An empty list, four quantities and two digests.
    public static var minimumEncodedSize: Int { 4 + 4 * 8 + 2 * Digest.byteCount }

    /// Appends all fields in their order.
    public func encode(into encoder: inout BorshEncoder) {
        encoder.appendList(predecessors)
        encoder.append(epoch)
        encoder.append(view)
        encoder.append(height)
        encoder.append(block)
        encoder.append(state)
        encoder.append(time)
    }

    /// Reads all fields in their order; one that has a fault is refused.
    public init(from decoder: inout BorshDecoder) throws(DecodingError) {
        predecessors = try decoder.readList(maximum: Self.maximumPredecessorCount)
        epoch = try decoder.read()
        view = try decoder.read()
        height = try decoder.read()
        block = try decoder.read()
        state = try decoder.read()
        time = try decoder.read()
        guard fault == nil else { throw .notCanonical }
    }
}
