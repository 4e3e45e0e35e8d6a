import Foundation

/// Images and their classes as bytes: 60,000 small images take as much memory as their pixels, and no more.
struct ExampleSet: Sendable {
    /// Indices of classes, one byte for each image.
    private(set) var classes: Data
    /// Pixels from 0 to 255, one image after the other: rows from the top, the channels of a pixel side by side.
    private(set) var images: Data

    var count: Int { classes.count }

    init(classes: Data = Data(), images: Data = Data()) {
        precondition(images.count == classes.count * NetworkSettings.imageSize, "Every image needs one class.")
        self.classes = classes
        self.images = images
    }

    mutating func reserve(_ count: Int) {
        classes.reserveCapacity(count)
        images.reserveCapacity(count * NetworkSettings.imageSize)
    }

    mutating func append(classes moreClasses: Data, images moreImages: Data) {
        precondition(moreImages.count == moreClasses.count * NetworkSettings.imageSize, "Every image needs one class.")
        classes.append(moreClasses)
        images.append(moreImages)
    }

    func classIndex(at index: Int) -> Int {
        Int(classes[classes.startIndex + index])
    }

    /// The pixels of one image, without copying them.
    func pixels(at index: Int) -> Data {
        let start = images.startIndex + index * NetworkSettings.imageSize
        return images[start ..< start + NetworkSettings.imageSize]
    }
}
