internal import FuzzKit
internal import PostQuantum

extension Trial {
    /// The input as a signature, of whatever length, and as a key.
    static func raw(_ sample: Sample, _ input: inout ByteReader) {
        let bytes = input.remainder()
        sample.verifiers.expect(bytes == sample.signature, of: bytes, for: sample.message, context: sample.context)
        let key = Array((bytes + sample.key).prefix(sample.key.count))
        let verifiers = Verifiers(key, sample.scheme)
        verifiers.expect(key == sample.key, of: sample.signature, for: sample.message, context: sample.context)
        if bytes.count != key.count {
            require((try? sample.scheme.makeVerifier(key: bytes)) == nil, "a key of another length was taken")
        }
    }

    /// The sample with edits: of the signature, its length, the message, the context or the key.
    static func altered(_ sample: Sample, _ input: inout ByteReader) {
        var (signature, message, context) = (sample.signature, sample.message, sample.context)
        var key = sample.key
        let hintStart = signature.count - sample.scheme.reference.hintByteCount
        while !input.isEmpty {
            switch input.byte() % 8 {
            case 0, 1: signature[input.number(below: signature.count)] ^= input.byte()
            case 2: signature[hintStart + input.number(below: sample.scheme.reference.hintByteCount)] = input.byte()
            case 3: signature.swapAt(hintStart + Int(input.byte() % 40), hintStart + Int(input.byte() % 40))
            case 4: key[input.number(below: key.count)] ^= input.byte()
            case 5: message = input.bytes(Int(input.byte()))
            case 6: context = input.bytes(Int(input.byte()))
            default: return resized(sample, signature, &input)
            }
        }
        let isSame = (signature, message, context) == (sample.signature, sample.message, sample.context)
        let isSameKey = key == sample.key
        let verifiers = isSameKey ? sample.verifiers : Verifiers(key, sample.scheme)
        verifiers.expect(isSame && isSameKey, of: signature, for: message, context: context)
    }

    /// A signature that is cut, or lengthened by the input's rest.
    private static func resized(_ sample: Sample, _ signature: [UInt8], _ input: inout ByteReader) {
        let count = input.number(below: signature.count + 1)
        let resized = Array(signature.prefix(count)) + input.remainder()
        let isSame = resized == sample.signature
        sample.verifiers.expect(isSame, of: resized, for: sample.message, context: sample.context)
    }
}
