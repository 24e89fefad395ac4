extension FrameSealer {
    /// Seals the next frame into an array of its own.
    public mutating func seal(_ plaintext: [UInt8], authenticating header: [UInt8]) throws(FrameCipherError) -> [UInt8]
    {
        try FrameCipher.collect(capacity: plaintext.count + FrameCipher.overhead) { output throws(FrameCipherError) in
            try seal(plaintext.span.bytes, authenticating: header.span.bytes, into: &output)
        }
    }
}

extension FrameOpener {
    /// Opens the next frame into an array of its own.
    public mutating func open(_ frame: RawSpan, authenticating header: RawSpan) throws(FrameCipherError) -> [UInt8] {
        try FrameCipher.collect(capacity: frame.byteCount) { output throws(FrameCipherError) in
            try open(frame, authenticating: header, into: &output)
        }
    }

    /// Opens the next frame into an array of its own.
    public mutating func open(_ frame: [UInt8], authenticating header: [UInt8]) throws(FrameCipherError) -> [UInt8] {
        try open(frame.span.bytes, authenticating: header.span.bytes)
    }
}

extension FrameCipher {
    /// Gathers what a closure writes, at most so many bytes.
    static func collect(
        capacity: Int,
        _ body: (inout OutputRawSpan) throws(FrameCipherError) -> Void
    ) throws(FrameCipherError) -> [UInt8] {
        var failure: FrameCipherError?
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
            // The span covers exactly the array's memory and is not used after this closure.
            var output = OutputRawSpan(buffer: UnsafeMutableRawBufferPointer(memory), initializedCount: 0)
            do throws(FrameCipherError) {
                try body(&output)
            } catch {
                failure = error
            }
            count = output.byteCount
        }
        guard let failure else { return bytes }
        throw failure
    }
}
