// Code generated from policies/reasons.yaml by go test ./screen -run Catalogue -update; DO NOT EDIT.

package screen

var adviceTexts = map[Code]Advice{
	"file_too_small": {
		"The file is {{.Size}}; at least {{.Min}} is needed so that the text can be read. Take a new photo or scan at a higher quality; enlarging the old file does not help.",
		"文件大小为 {{.Size}}，至少需要 {{.Min}}，否则证件上的文字无法看清。请用更高画质重新拍照或扫描，把原图放大没有用。"},
	"file_too_large": {
		"The file is {{.Size}}; at most {{.Max}} can be sent. Take the photo at a lower resolution or save it again as JPG with a lower quality, then upload it.",
		"文件大小为 {{.Size}}，最多 {{.Max}}。请降低拍照分辨率，或用图片工具另存为质量较低的 JPG 后再上传。"},
	"format_unsupported": {
		"The file is {{.Format}}; the formats that can be used are {{.Formats}}. Open the picture in an image program, save it in one of these formats and upload the new file.",
		"该文件是 {{.Format}} 格式，可以使用的格式为 {{.Formats}}。请用图片工具打开后另存为其中一种格式，再上传新文件。"},
	"extension_mismatch": {
		"The name ends in {{.Extension}}, but the content is {{.Format}}. Open the picture in an image program and use \"Save as\" with the format you want; changing the name alone does not convert it.",
		"文件名后缀是 {{.Extension}}，实际内容是 {{.Format}}。请用图片工具打开后“另存为”所需格式，只改后缀名不会转换格式。"},
	"file_corrupt": {
		"The file is damaged or was not uploaded completely. Check that it opens on your device, then upload it again or take a new photo.",
		"文件已损坏或没有传完整。请先确认它能在您的设备上正常打开，再重新上传或重新拍照。"},
	"too_few_pixels": {
		"The picture is {{.Width}} × {{.Height}} pixels; the shorter side of the document needs at least {{.MinSide}}. Move closer so that the document fills the frame, or scan it at 300 dpi.",
		"图片为 {{.Width}} × {{.Height}} 像素，证件短边至少需要 {{.MinSide}} 像素。请靠近拍摄使证件占满画面，或以 300 dpi 扫描。"},
	"too_many_pixels": {
		"The picture is {{.Width}} × {{.Height}} pixels; at most {{.MaxSide}} a side can be read. Save it at a smaller size and upload it again.",
		"图片为 {{.Width}} × {{.Height}} 像素，单边最多 {{.MaxSide}} 像素。请缩小尺寸后另存，再重新上传。"},
	"blurred": {
		"The text on the document cannot be read. Hold the device still, tap to focus on the document and take a new photo.",
		"证件上的文字看不清。请拿稳设备，点按屏幕对准证件对焦，重新拍照。"},
	"glare": {
		"A reflection covers part of the document. Turn off the flash, tilt the document away from the lamp and take a new photo.",
		"反光遮住了证件的一部分。请关闭闪光灯，调整证件角度避开光源，重新拍照。"},
	"dark": {
		"Parts of the document are too dark to read. Take a new photo in daylight or under an even lamp.",
		"证件部分区域太暗，无法看清。请在自然光或均匀灯光下重新拍照。"},
	"overexposed": {
		"Parts of the document are so bright that the text disappears. Take a new photo away from direct light and without flash.",
		"证件部分区域过亮，文字消失。请避开强光、不用闪光灯，重新拍照。"},
	"low_contrast": {
		"The text and the background are nearly the same shade. Photograph the original again in even light, or scan it in colour at 300 dpi.",
		"文字与背景颜色太接近。请在均匀光线下重新拍摄原件，或以 300 dpi 彩色扫描。"},
	"grayscale": {
		"The document must be shown in colour, because the seal and the portrait are checked by their colour. Photograph or scan the original in colour mode.",
		"证件需要彩色图片，印章和照片要靠颜色核对。请用彩色模式拍摄或扫描原件。"},
	"cut_off": {
		"A corner or an edge of the document lies outside the picture. Move back a little so that all four corners are visible, and take a new photo.",
		"证件的一角或一边在画面之外。请拉远一点，让四个角都露出来，重新拍照。"},
	"no_margin": {
		"The borders of the document cannot be told from the edge of the picture, and some reviewers refuse that. If you can, take a photo with a little background on all sides.",
		"看不出证件边框与图片边缘的界线，部分审核方会因此退回。如方便，请四周留一点背景重新拍照。"},
	"obstructed": {
		"A finger or another object hides part of the document. Lay it flat, keep everything off it and take a new photo.",
		"手指或其他物品挡住了证件的一部分。请把证件平放，移开所有物品，重新拍照。"},
	"watermark": {
		"Text or a pattern was laid over the document, and reviewers cannot accept that. Upload it without a watermark; it is stored encrypted and used for identity verification only.",
		"图片上加了文字或图案水印，审核方无法接受。请上传不带水印的图片；图片会加密保存，只用于实名认证。"},
	"mirrored": {
		"Left and right are swapped, so the text reads backwards. Use the rear camera, or turn off the mirror setting of the front camera, and take a new photo.",
		"图片左右颠倒，文字是反的。请使用后置摄像头，或关闭前置摄像头的镜像功能，重新拍照。"},
	"screenshot": {
		"The picture was captured from a screen or a web page. Photograph or scan the document itself; for an electronic licence, upload the file that the issuing office gave you.",
		"这张图片是从屏幕或网页截取的。请拍摄或扫描证件原件；如为电子证照，请上传发证机关提供的原文件。"},
	"born_digital_copy": {
		"The picture has no paper, colour or borders, as electronic certificates do. That is accepted for this kind of document; keep the original file in case the reviewer asks for it.",
		"图片没有纸张、色彩或边框，符合电子证照的特点，此类证件可以接受。请保留原始文件，以备审核人员查看。"},
	"photo_of_screen": {
		"The picture shows a document on a display, with stripes or a screen edge. Photograph the original document itself.",
		"图片拍的是显示屏上的证件，有条纹或屏幕边框。请直接拍摄证件原件。"},
	"edited": {
		"Part of the picture differs from the rest in a way that editing causes. Upload the photo as it came from the camera; converting the format is fine, changing the content is not.",
		"图片的一部分与其余部分不一致，像是编辑造成的。请上传相机拍出的原图；可以转换格式，但不要改动内容。"},
	"no_document": {
		"The picture does not show the document that was chosen. Upload a photo of the {{.Kind}}.",
		"图片中没有所选的证件。请上传{{.Kind}}的照片。"},
	"two_documents": {
		"Each picture should show one side of one document. Take a separate photo of each side and upload them one by one.",
		"每张图片只应有一个证件的一面。请把每一面分别拍照，逐张上传。"},
	"wrong_side": {
		"This place is for the {{.Side}}, and the picture shows another side. Turn the document over and take a new photo.",
		"这里需要{{.Side}}，上传的是另一面。请把证件翻面后重新拍照。"},
	"seal_illegible": {
		"The red seal of the issuing office is too pale or too blurred to read. Photograph or scan the original in colour so that the seal is clear.",
		"发证机关的红色公章太淡或模糊，无法辨认。请彩色拍摄或扫描原件，确保公章清楚。"},
	"picture_not_checked": {
		"We could not look at this {{.Format}} picture automatically, so a person will. Saving it again as JPG gives you an answer at once.",
		"系统无法自动检查该 {{.Format}} 图片，将由人工查看。另存为 JPG 后上传可以立即得到结果。"},
}
