/// Memory for secret bytes, which has one owner and is overwritten when it goes.
struct SecretBuffer: ~Copyable {
    /// The bytes; valid while the buffer is alive.
    let bytes: UnsafeMutableRawBufferPointer

    /// Allocates zeros.
    init(byteCount: Int) {
        bytes = .allocate(byteCount: byteCount, alignment: 8)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
    }

    /// Keeps a copy of some bytes.
    init(copying source: UnsafeRawBufferPointer) {
        self.init(byteCount: source.count)
        bytes.copyMemory(from: source)
    }

    deinit {
        wipe(bytes)
        bytes.deallocate()
    }
}
