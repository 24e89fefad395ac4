internal import HotStuff

/// Asks for blocks that do not exist, from heights that make no sense, and sends blocks that nobody asked for.
struct OddRequests: Strategy {
    mutating func passTime(as liar: inout Liar, letters: inout [Letter]) {
        guard let receiver = liar.someone().first else { return }
        liar.acts += 1
        let known = liar.memory.blocks.isEmpty ? liar.world.committee.genesis : liar.random.pick(liar.memory.blocks)
        let target = liar.random.chance(oneIn: 3) ? Digest.hash(of: liar.random.bytes(fewerThan: 9)) : known.id
        let height = liar.random.pick([0, 1, known.height.rawValue, known.height.rawValue &+ 1, .max])
        if liar.random.chance(oneIn: 3) {
            let through = liar.random.pick([0, height, height &+ 1, height &+ 600, .max])
            let request = RangeRequest(above: Height(height), through: Height(through))
            letters.append(Letter(.rangeRequest(request), to: receiver))
            return
        }
        guard liar.random.chance(oneIn: 3) else {
            letters.append(
                Letter(
                    .blockRequest(
                        BlockRequest(
                            target: target,
                            at: Height(liar.random.number(below: 1 << 20)),
                            above: Height(height)
                        )
                    ),
                    to: receiver
                )
            )
            return
        }
        let response = BlockResponse(target: known.id, blocks: Array(liar.memory.blocks.suffix(liar.random.below(20))))
        letters.append(Letter(.blockResponse(response), to: receiver))
    }
}
