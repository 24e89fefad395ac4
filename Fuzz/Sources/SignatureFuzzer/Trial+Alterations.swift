internal import PostQuantum

extension Trial {
    /// The input as a signature, of whatever length, and as a key.
    static func raw(_ sample: Sample, _ input: inout ByteReader) {
        let signature = input.remainder()
        _ = sample.key.verdict(signature, sample.message, sample.context)
        let padded = (signature + sample.key.key.bytes).prefix(sample.scheme.verificationKeyByteCount)
        _ = Verifiers(Array(padded), sample.scheme).verdict(sample.signature, sample.message, sample.context)
        if signature.count != padded.count {
            precondition((try? sample.scheme.makeVerifier(key: signature)) == nil, "a key of another length was taken")
        }
    }

    /// The sample with edits: of the signature, its length, the message, the context or the key.
    static func altered(_ sample: Sample, _ input: inout ByteReader) {
        var (signature, message, context) = (sample.signature, sample.message, sample.context)
        var key = sample.key.key.bytes
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
        let isSameKey = key == sample.key.key.bytes
        let verifiers = isSameKey ? sample.key : Verifiers(key, sample.scheme)
        let isValid = verifiers.verdict(signature, message, context)
        precondition(isValid == (isSame && isSameKey), "a second signature, or the sample not valid: \(isValid)")
    }

    /// A signature that is cut, or lengthened by the input's rest.
    private static func resized(_ sample: Sample, _ signature: [UInt8], _ input: inout ByteReader) {
        let count = input.number(below: signature.count + 1)
        let resized = signature.prefix(count) + input.remainder()
        let isValid = sample.key.verdict(Array(resized), sample.message, sample.context)
        precondition(!isValid || Array(resized) == sample.signature, "a second signature")
    }
}
