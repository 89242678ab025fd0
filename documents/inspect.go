package documents

import (
	"archive/zip"
	"bytes"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
)

// uploads are the kinds of files that may be evidence, by the ending of their name, with what their bytes may be.
var uploads = map[string][]string{
	".pdf": {"application/pdf"}, ".png": {"image/png"}, ".jpg": {"image/jpeg"}, ".jpeg": {"image/jpeg"}, ".gif": {"image/gif"},
	".webp": {"image/webp"}, ".bmp": {"image/bmp"}, ".txt": {"text/plain"}, ".csv": {"text/plain"}, ".mp3": {"audio/mpeg", "application/octet-stream"},
	".wav": {"audio/wave"}, ".m4a": {"video/mp4", "audio/mp4", "application/octet-stream"}, ".mp4": {"video/mp4"}, ".amr": {"application/octet-stream"},
	".xlsx": {"application/zip"}, ".docx": {"application/zip"}, ".ofd": {"application/zip"}, ".zip": {"application/zip"},
}

// Limits of what an upload may unpack to.
const (
	maxUnpacked = 500 << 20
	maxPixels   = 200 << 20
	maxEntries  = 10_000
)

// inspectInside looks into a file for damage, encryption and bombs; "" when it is sound, else a message's key.
func inspectInside(kind string, data []byte) string {
	switch kind {
	case "application/zip":
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return "file.damaged"
		}
		var total uint64
		for _, f := range z.File {
			if f.Flags&1 != 0 {
				return "file.encrypted"
			}
			total += f.UncompressedSize64
		}
		if total > maxUnpacked || len(z.File) > maxEntries {
			return "file.bomb"
		}
	case "image/png", "image/jpeg", "image/gif":
		c, _, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			return "file.damaged"
		}
		if c.Width*c.Height > maxPixels {
			return "file.bomb"
		}
	case "application/pdf":
		tail := data[max(0, len(data)-2048):]
		if !bytes.Contains(tail, []byte("%%EOF")) {
			return "file.damaged"
		}
		if bytes.Contains(tail, []byte("/Encrypt")) || bytes.Contains(data, []byte("/Encrypt ")) {
			return "file.encrypted"
		}
	}
	return ""
}
