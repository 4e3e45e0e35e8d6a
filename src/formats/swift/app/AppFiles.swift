import Foundation

/// Where the app's files lie.
enum AppFiles {
    /// A file that came with the app: in the app itself, or in a bundle inside it, as the tools lay it out.
    static func resource(_ name: String, _ fileExtension: String) throws -> URL {
        let inside = Bundle.main.urls(forResourcesWithExtension: "bundle", subdirectory: nil) ?? []
        let bundles = [Bundle.main] + inside.compactMap { Bundle(url: $0) }
        for bundle in bundles {
            if let url = bundle.url(forResource: name, withExtension: fileExtension) {
                return url
            }
        }
        throw NetworkError("The app holds no file \(name).\(fileExtension). Export it again.")
    }

    /// The model file as it was exported. It comes as Network.model, since Xcode would compile a .mlmodel while it builds
    /// and Swift Playgrounds would not; Core ML wants the name .mlmodel.
    static func originalModel() throws -> URL {
        let copy = try folder(.cachesDirectory).appendingPathComponent("Network.mlmodel")
        try Data(contentsOf: try resource("Network", "model")).write(to: copy, options: .atomic)
        return copy
    }

    /// The compiled model that was trained here, kept between launches; of this very export only.
    static func keptModel() throws -> URL {
        try folder(.applicationSupportDirectory)
            .appendingPathComponent("Trained-\(AppSettings.exportMark)")
            .appendingPathExtension("mlmodelc")
    }

    /// The trained model as a file to share.
    static func sharedModel() throws -> URL {
        try folder(.cachesDirectory)
            .appendingPathComponent(AppSettings.fileName)
            .appendingPathExtension("mlmodel")
    }

    private static func folder(_ directory: FileManager.SearchPathDirectory) throws -> URL {
        try FileManager.default.url(for: directory, in: .userDomainMask, appropriateFor: nil, create: true)
    }
}
