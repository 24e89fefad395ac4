/// Where a state is written to, piece by piece.
///
/// Only the order of the bytes counts, not how they are cut into pieces.
public protocol SnapshotSink {
    /// Why it would take no more; `Never` for a sink that only computes.
    associatedtype Failure: Error

    /// Appends bytes.
    mutating func write(_ bytes: [UInt8]) throws(Failure)
}

extension SnapshotSink {
    /// Appends the encoding of a value.
    public mutating func write(_ value: some BorshEncodable) throws(Failure) {
        try write(value.encoded)
    }
}
