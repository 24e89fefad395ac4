internal import FuzzKit
internal import PostQuantum

extension Trial {
    /// A signature under a key whose t1 is zero: response and hint are the input's, and the challenge is made to fit.
    ///
    /// So the verdict hangs on the checks of range and form alone, and a signature that passes them runs through all of
    /// verification, with coefficients at their bounds and hints at all places.
    static func forged(_ sample: Sample, _ input: inout ByteReader) {
        let parameters = sample.scheme.reference
        let (key, verifiers) = sample.openKeys[Int(input.byte()) % sample.openKeys.count]
        let message = input.bytes(2)
        var generator = SeededGenerator(seed: UInt64(input.number(below: 1 << 16)))
        var response = makeResponse(parameters, style: input.byte(), &generator)
        var hint = makeHint(parameters, style: input.byte(), &generator)
        let limit = parameters.gamma1 - parameters.beta
        while !input.isEmpty {
            let place = input.number(below: response.count)
            switch input.byte() % 12 {
            case 0: response[place] = limit - 1
            case 1: response[place] = 1 - limit
            case 2: response[place] = limit
            case 3: response[place] = -limit
            case 4: response[place] = parameters.gamma1
            case 5: response[place] = 1 - parameters.gamma1
            case 6: response[place] = input.number(below: 1 << 16) - (1 << 15)
            case 7: response[place] = 0
            case 8: hint.swapAt(place % hint.count, (place + 1) % hint.count)
            case 9: hint[place % hint.count] = input.byte()
            case 10: hint[place % hint.count] = hint[(place + 1) % hint.count]
            default: hint[parameters.omega + place % parameters.k] = input.byte()
            }
        }
        let readHint = Hint(hint, parameters)
        let isExpected = readHint?.isCanonical == true && response.allSatisfy { abs($0) < limit }
        let challengeHash =
            readHint.map { key.challengeHash(for: message, response: response, hint: $0) }
            ?? [UInt8](repeating: 0, count: parameters.challengeByteCount)
        let signature = parameters.signature(challengeHash: challengeHash, response: response, hint: hint)
        verifiers.expect(isExpected, of: signature, for: message, context: [])
    }

    private static func makeResponse(
        _ parameters: Parameters,
        style: UInt8,
        _ generator: inout SeededGenerator
    ) -> [Int] {
        let limit = parameters.gamma1 - parameters.beta
        return (0..<parameters.l * 256).map { _ in
            switch style % 5 {
            case 0: 0
            case 1: Int.random(in: 1 - limit..<limit, using: &generator)
            case 2: Bool.random(using: &generator) ? limit - 1 : 1 - limit
            case 3: limit - 1
            default: 1 - limit
            }
        }
    }

    private static func makeHint(_ parameters: Parameters, style: UInt8, _ generator: inout SeededGenerator) -> [UInt8]
    {
        let total = [0, 1, parameters.omega / 2, parameters.omega][Int(style % 4)]
        var rows = [Set<Int>](repeating: [], count: parameters.k)
        for _ in 0..<total {
            rows[style < 128 ? Int.random(in: rows.indices, using: &generator) : parameters.k - 1]
                .insert(Int.random(in: 0..<256, using: &generator))
        }
        let packed = rows.flatMap { $0.sorted().map { UInt8($0) } }
        let counts = rows.indices.map { row in UInt8(rows[...row].reduce(0) { $0 + $1.count }) }
        return packed + [UInt8](repeating: 0, count: parameters.omega - packed.count) + counts
    }
}
