internal import HotStuff

// What clients ask.
extension Simulation {
    /// Lets a client act, and sets the moment at which it wants to act again.
    func askClient(_ index: Int) {
        let retries = clients[index].retries
        for question in clients[index].act(at: time, inspector: inspector) {
            for body in bodies[question.replica] {
                if isFaulty, network.conditions.lossPerMille > 0,
                    random.chance(perMille: network.conditions.lossPerMille)
                {
                    continue
                }
                let delay = network.conditions.delay + random.number(below: network.conditions.jitter + 1)
                agenda.add(.request(question.request, client: index, to: body), at: time + delay)
            }
        }
        coverage.count(.clientRetries, clients[index].retries - retries)
        clientWishes[index] += 1
        if let next = clients[index].nextTime {
            agenda.add(.client(index, wish: clientWishes[index]), at: max(next, time + 1))
        }
    }
}
