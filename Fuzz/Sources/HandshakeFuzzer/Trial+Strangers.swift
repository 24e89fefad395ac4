internal import FuzzKit
internal import HotStuff
@_spi(Fuzzing) internal import HotStuffTransport
internal import PostQuantum

extension Trial {
    /// Reads the body of a handshake's record: it is refused, or it has this one form.
    static func record(_ input: inout ByteReader) {
        let kind = input.byte() % 8
        var body = input.remainder()
        // Bodies are long and mostly random: a recorded one is the beginning of most that pass.
        if kind >= 4 {
            let flight = Cast.standard.recording[Int(kind % 2)]
            let length = Int(flight[1]) | Int(flight[2]) << 8
            let recorded = Array(flight[3..<3 + length])
            var edits = ByteReader(body)
            body = recorded
            Edits.apply(8, to: &body, &edits)
        }
        let form = kind >= 4 ? kind % 2 + 1 : kind + 1
        let count = Cast.standard.scheme.signatureByteCount
        guard let again = FuzzedHandshake.rewrite(body, ofKind: form, signatureByteCount: count) else { return }
        require(again == body, "a record of kind \(form) has a second form")
    }

    /// Says anything to a replica that is dialled: without a key agreement nobody is let in, not even as a client.
    static func strangerDials(_ input: inout ByteReader) {
        var responder = Cast.standard.responder(Cast.standard.replica(&input))
        talk(to: &responder, &input)
    }

    /// Says anything to who dials: it is not taken for a replica.
    static func strangerAnswers(_ input: inout ByteReader) {
        let own = input.byte() & 1 == 0 ? nil : Cast.standard.replica(&input)
        var initiator = Cast.standard.initiator(own, to: Cast.standard.replica(&input))
        _ = initiator.start()
        talk(to: &initiator, &input)
    }

    private static func talk(to machine: inout FuzzedHandshake, _ input: inout ByteReader) {
        while !input.isEmpty, machine.outcome == .waiting {
            for piece in utterance(&input).pieces(&input) { _ = machine.receive(piece) }
        }
        if case .established = machine.outcome { fail("somebody without any key is let in") }
    }

    /// Bytes as they stand, a record with a sound head, or something that was said in another handshake.
    private static func utterance(_ input: inout ByteReader) -> [UInt8] {
        let choice = input.byte()
        switch choice % 4 {
        case 0: return input.bytes(input.number(below: 2_048))
        case 1:
            let body = input.bytes(input.number(below: 2_048))
            let kind = choice / 4 % 6 == 5 ? 255 : choice / 4 % 6
            return [kind, UInt8(body.count & 0xFF), UInt8(body.count >> 8)] + body
        default:
            var flight = Cast.standard.recording[Int(choice / 4) % 3]
            Edits.apply(Int(choice % 2) * 4, to: &flight, &input)
            return flight
        }
    }
}
