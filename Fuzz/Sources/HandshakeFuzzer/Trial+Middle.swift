internal import FuzzKit
internal import HotStuff
@_spi(Fuzzing) internal import HotStuffTransport

extension Trial {
    /// Lets two honest sides talk past somebody who may change all that they say.
    ///
    /// If nothing was changed and each is whom the other wants, both are content, know who the other is, and understand each
    /// other. A side that heard anything else than the other said, or was heard so, is not.
    static func middle(_ input: inout ByteReader) {
        let cast = Cast.standard
        let own = input.byte() & 3 == 0 ? nil : cast.replica(&input)
        let meant = cast.replica(&input)
        let answering = input.byte() & 7 == 0 ? cast.replica(&input) : meant
        var initiator = cast.initiator(own, to: meant)
        var responder = cast.responder(answering)

        let hello = initiator.start()
        let heardHello = altered(hello, others: [], &input)
        let answer = say(heardHello, to: &responder, &input)
        let heardAnswer = altered(answer, others: [hello], &input)
        let proof = say(heardAnswer, to: &initiator, &input)
        let heardProof = altered(proof, others: [hello, answer], &input)
        _ = say(heardProof, to: &responder, &input)

        // What follows the last byte that a side waits for is not its handshake's to judge, but that of the frames.
        if case .established(let remote) = initiator.outcome {
            let isUntouched = heardHello.starts(with: hello) && heardAnswer.starts(with: answer)
            require(isUntouched, "who dials does not notice that bytes were changed")
            require(remote == meant && answering == meant, "who dials takes \(answering) for \(meant)")
        } else {
            let isUntouched = heardHello == hello && heardAnswer == answer
            require(!isUntouched || answering != meant, "who dials refuses the right one: \(initiator.outcome)")
        }
        let mayDial = own.map { $0 < answering } ?? true
        if case .established(let remote) = responder.outcome {
            let isUntouched = (heardHello + heardProof).starts(with: hello + proof) && heardAnswer.starts(with: answer)
            require(isUntouched, "who is dialled does not notice that bytes were changed")
            require(remote == own && mayDial, "who is dialled takes \(own as Any) for \(remote as Any)")
            understand(initiator, responder, &input)
        } else {
            let isUntouched = heardHello == hello && heardAnswer == answer && heardProof == proof
            let isRight = isUntouched && answering == meant && mayDial
            require(!isRight, "who is dialled refuses the right one: \(responder.outcome)")
        }
    }

    private static func say(_ bytes: [UInt8], to side: inout FuzzedHandshake, _ input: inout ByteReader) -> [UInt8] {
        bytes.pieces(&input).flatMap { side.receive($0) }
    }

    /// What is heard of a flight: mostly the flight; else one with changes, one of another handshake, or an earlier one.
    private static func altered(_ flight: [UInt8], others: [[UInt8]], _ input: inout ByteReader) -> [UInt8] {
        let choice = input.byte()
        switch choice % 8 {
        case 0..<4: return flight
        case 4: return Cast.standard.recording[Int(choice / 8) % 3]
        case 5: return (others.isEmpty ? flight : others[Int(choice / 8) % others.count]) + flight
        default:
            var bytes = flight
            Edits.apply(Int(choice / 8) % 8 + 1, to: &bytes, &input)
            return bytes
        }
    }

    /// What one says after the handshake, the other understands, both ways.
    private static func understand(
        _ initiator: FuzzedHandshake,
        _ responder: FuzzedHandshake,
        _ input: inout ByteReader
    ) {
        guard var first = initiator.connection(maximumMessageByteCount: { _ in 100 }),
            var second = responder.connection(maximumMessageByteCount: { _ in 100 })
        else { fail("a handshake that is over leaves no connection") }
        let message = InboundMessage(lane: .commands, bytes: input.bytes(Int(input.byte() % 100)))
        do {
            let there = second.receive(try first.frame(of: message))
            require(there.0 == [message] && there.1 == nil, "who is dialled does not understand: \(there)")
            let back = first.receive(try second.frame(of: message))
            require(back.0 == [message] && back.1 == nil, "who dials does not understand: \(back)")
        } catch {
            fail("a new connection does not send: \(error)")
        }
    }
}
