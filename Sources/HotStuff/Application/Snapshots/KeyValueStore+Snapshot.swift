extension KeyValueStore {
    /// True: its entries in the order of their keys are its state.
    public static var offersSnapshots: Bool { true }

    /// Writes the number of entries, and each in the order of their keys.
    public func writeSnapshot<Sink: SnapshotSink>(into sink: inout Sink) throws(Sink.Failure) {
        var head = BorshEncoder(capacity: 8)
        head.append(UInt64(count))
        try sink.write(head.bytes)
        try map.forEachLeaf { leaf throws(Sink.Failure) in
            var encoder = BorshEncoder(capacity: 32 << 10)
            for entry in leaf {
                encoder.appendBytes(entry.key)
                encoder.appendBytes(entry.value)
            }
            try sink.write(encoder.finish())
        }
    }

    /// Reads what `writeSnapshot` wrote; keys and values must be such as commands can put there.
    public mutating func restore<Source: SnapshotSource>(from source: inout Source) throws(SnapshotError) {
        var restored = SortedMap()
        var left = try source.readUInt64()
        while left > 0 {
            left -= 1
            let key = try source.readBytes(maximum: KeyValueCommand.maximumKeyByteCount)
            let value = try source.readBytes(maximum: KeyValueCommand.maximumValueByteCount)
            guard !key.isEmpty else { throw .contradictory("an empty key") }
            guard restored.appendLast(key, value: value) else {
                throw .contradictory("keys that do not ascend")
            }
        }
        map = restored
    }
}
