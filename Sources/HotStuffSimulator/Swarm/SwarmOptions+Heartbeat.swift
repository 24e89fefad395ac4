internal import HotStuff

// Runs in which a chain that rests shows that it lives.
extension SwarmOptions {
    /// In one of eight seeds a resting chain makes a block without commands after one to eight times the time of a view; by the seed alone, so
    /// that all else is drawn as ever.
    mutating func drawHeartbeat() {
        var random = RandomSource(seed: seed ^ 0x4ea7_bea7_0000_0001)
        guard random.chance(oneIn: 8), circumstance == nil else { return }
        settings.heartbeatMilliseconds = settings.pacemaker.viewTimeoutMilliseconds * (1 + random.number(below: 8))
    }
}
