import assert from 'node:assert/strict'

import { choose, picturesShown, report } from './steps.mjs'

const PDF = Buffer.from('%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n')
/** A block of Exif that names a place; its length is part of it. */
const PLACE = Buffer.from('Exif\0\0GPSLatitude 32.5 GPSLongitude 80.1', 'latin1')

/** A photograph as a telephone makes it: large, of many colours, and with the place where it was taken. */
async function photograph(visitor, width, height) {
  const drawn = await visitor.page.evaluate(([width, height]) => {
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width, height })
    const context = canvas.getContext('2d')
    const sky = context.createLinearGradient(0, 0, width, height)
    sky.addColorStop(0, '#1b5e52')
    sky.addColorStop(1, '#d9c766')
    context.fillStyle = sky
    context.fillRect(0, 0, width, height)
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1]
  }, [width, height])
  const picture = Buffer.from(drawn, 'base64')
  const head = Buffer.from([0xff, 0xe1, 0, PLACE.length + 2])
  return Buffer.concat([picture.subarray(0, 2), head, PLACE, picture.subarray(2)])
}

export const fileTests = {
  'a file whose line broke is sent again and attached once': async (visit) => {
    const township = await visit({ login: 'township' })
    const subject = await report(township, '护坡开裂')
    await township.go(`/records/${subject}`)
    const buffer = await photograph(township, 640, 480)
    township.expected.push('net::ERR_')
    // The file arrives, and its answer does not.
    await township.page.route('**/files?*', async (route) => {
      await route.fetch()
      await route.abort()
    })
    await township.get('file-input').setInputFiles([{ name: 'photo.jpg', mimeType: 'image/jpeg', buffer }])
    await township.get('file-problem').waitFor()
    await township.page.unroute('**/files?*')
    await township.page.getByRole('button', { name: '重试' }).click()
    await township.get('file-upload').waitFor({ state: 'detached' })
    await township.get('file-card').first().waitFor()
    assert.equal((await township.api(`/subjects/${subject}`)).files.length, 1)
  },

  'photos and papers are attached to a case, made smaller, shown, and removed with a reason': async (visit) => {
    const township = await visit({ login: 'township' })
    const subject = await report(township, '路灯线杆倾斜')
    await township.go(`/records/${subject}`)
    const files = township.get('record-files')
    await files.getByText('还没有附件').waitFor()
    const [large, small] = [await photograph(township, 4000, 3000), await photograph(township, 800, 600)]
    assert.ok(large.includes('GPSLatitude'))
    township.expected.push('status of 415')
    await township.get('file-input').setInputFiles([
      { name: 'IMG_2034.jpg', mimeType: 'image/jpeg', buffer: large },
      { name: '不是照片.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<!doctype html><p>text') },
      { name: '整改通知书.pdf', mimeType: 'application/pdf', buffer: PDF },
      { name: 'IMG_2035.jpg', mimeType: 'image/jpeg', buffer: small },
    ])
    const cards = township.get('file-card')
    await cards.nth(2).waitFor()
    await township.get('file-problem').getByText('只能上传 JPEG、PNG、WebP 图片或 PDF').waitFor()
    assert.equal(await files.getByRole('button', { name: '重试' }).count(), 0, 'sent again it would be refused again')
    await files.getByRole('button', { name: '放弃' }).click()
    await township.get('file-upload').waitFor({ state: 'detached' })

    const pictures = township.get('file-picture')
    const widths = () => pictures.evaluateAll((all) => all.map((one) => (one.complete ? one.naturalWidth : 0)))
    await picturesShown(township)
    assert.deepEqual(await widths(), [2560, 800])
    const { files: known } = await township.api(`/subjects/${subject}`)
    assert.deepEqual(known.map((file) => [file.media_type, file.name]), [['image/jpeg', null], ['application/pdf', '整改通知书.pdf'], ['image/jpeg', null]])
    for (const file of known) {
      const kept = await township.context.request.get(`${township.address}/api/v1/subjects/${subject}/files/${file.id}`)
      assert.equal(kept.headers()['content-type'], file.media_type)
      assert.ok(!(await kept.body()).includes('GPS'), 'the place is not kept')
    }
    await cards.nth(1).getByText('打开 PDF').waitFor()
    await cards.nth(1).getByText('整改通知书.pdf').waitFor()

    await cards.nth(0).getByTestId('file-remove').click()
    const send = township.get('file-remove-send')
    assert.ok(await send.isDisabled(), 'a reason is asked for')
    await township.get('file-remove-reason').fill('拍错了地方')
    await send.click()
    await cards.nth(2).waitFor({ state: 'detached' })
    assert.equal(await cards.count(), 2)
    assert.match(await township.get('record-history').innerText(), /删除附件[\s\S]*拍错了地方/)
  },

  'a picture of every format is shown, the way round that it was taken': async (visit) => {
    const township = await visit({ login: 'township' })
    const subject = await report(township, '水渠堵塞')
    await township.go(`/records/${subject}`)
    const drawn = await township.page.evaluate(() => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 300, height: 200 })
      const context = canvas.getContext('2d')
      context.fillStyle = 'rgb(27 94 82 / 50%)'
      context.fillRect(20, 20, 200, 100)
      return ['image/png', 'image/webp', 'image/jpeg'].map((type) => canvas.toDataURL(type, 0.9).split(',')[1])
    })
    const [png, webp, jpeg] = drawn.map((text) => Buffer.from(text, 'base64'))
    assert.ok(webp.includes('ALPH'), 'the picture has transparent parts, and so an extended head')
    // Lying on its side, as most telephones write an upright picture.
    const exif = Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0', 'latin1')
    const turned = Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1, 0, exif.length + 2]), exif, jpeg.subarray(2)])
    await township.get('file-input').setInputFiles([
      { name: 'a.png', mimeType: 'image/png', buffer: png },
      { name: 'b.webp', mimeType: 'image/webp', buffer: webp },
      { name: 'c.jpg', mimeType: 'image/jpeg', buffer: turned },
    ])
    await township.get('file-card').nth(2).waitFor()
    await picturesShown(township)
    const sizes = await township.get('file-picture').evaluateAll((all) => all.map((one) => [one.naturalWidth, one.naturalHeight]))
    assert.deepEqual(sizes, [[300, 200], [300, 200], [200, 300]])
    const { files } = await township.api(`/subjects/${subject}`)
    assert.deepEqual(files.map((file) => file.media_type), ['image/png', 'image/webp', 'image/jpeg'])
  },

  'what came with a report is shown when it is asked for, and not before': async (visit) => {
    const township = await visit({ login: 'township' })
    const subject = await report(township, '群众反映井盖缺失')
    await township.go(`/records/${subject}`)
    await choose(township, 'file-purpose', '上报材料')
    const buffer = await photograph(township, 640, 480)
    await township.get('file-input').setInputFiles([{ name: 'photo.jpg', mimeType: 'image/jpeg', buffer }])
    const show = township.get('file-show')
    await show.waitFor()
    const read = () => township.responses.filter((response) => /\/files\/[0-9a-f-]+$/.test(response.url())).length
    assert.equal(read(), 0, 'the picture is not asked for')
    await show.click()
    await picturesShown(township)
    assert.equal(await township.get('file-picture').evaluate((one) => one.naturalWidth), 640)
    assert.equal(read(), 1)
  },
}
