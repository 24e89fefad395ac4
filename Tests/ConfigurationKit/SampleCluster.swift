package import HotStuffConfiguration

/// A cluster of four that all tests share, for keys take a while.
package enum SampleCluster {
    private static let made = Result {
        try NewCluster(name: "sample", host: "127.0.0.1", ports: [7_000, 7_001, 7_002, 7_003])
    }

    /// The cluster.
    package static var cluster: NewCluster {
        get throws { try made.get() }
    }
}
