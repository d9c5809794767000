import { nameKind, type Texts, textOf } from './texts.js';

const REASONS = {
  signed_out: '在该设备上退出登录。',
  revoked: '在设备列表中退出登录。',
  revoked_all: '与所有设备一起退出登录。',
  replaced: '在同一设备上重新登录。',
  evicted: '已被更新的设备取代。',
  reuse_detected: '有人使用了此登录的旧副本，我们已将其终止。如非您本人所为，请修改密码。',
  credentials_changed: '密码已更改。',
  user_disabled: '账号已锁定。',
  expired: '已达到登录时限。',
  idle: '长时间未使用。',
};

const ERRORS = {
  offline: '没有网络连接，请在连接恢复后重试。',
  unavailable: '服务器暂时无法响应，请稍后重试。',
  invalid_request: '无法使用此名称，请换一个。',
  '': '操作未成功，请重试。',
};

/** Simplified Chinese. */
export const zh: Texts = {
  heading: '您的设备',
  lead: (devices) =>
    devices === 1 ? '您仅在本设备上登录。' : `您已在 ${devices} 台设备上登录。请退出您不认识的设备。`,
  loading: '正在加载您的设备…',
  current: '本设备',
  kind: (browser, os) => nameKind(browser, os, `${os} 上的 ${browser}`, '未知设备'),
  suspected: '有两处在轮流使用此登录。如果只有一处是您，请退出登录。',
  address: (ip) => `IP ${ip}`,
  activeNow: '当前活跃',
  active: (ago) => `${ago}活跃`,
  since: (when) => `登录时间：${when}`,
  justNow: '刚刚',

  rename: (name) => `重命名“${name}”`,
  newName: '设备名称',
  save: '保存',
  cancel: '取消',

  signOut: '退出登录',
  signOutDevice: (name) => `将“${name}”退出登录`,
  signOutOthers: (devices) => `退出所有其他设备（${devices}）`,
  signOutAll: '退出所有设备',

  askDevice: (name) => `要将“${name}”退出登录吗？`,
  askDeviceText: '该设备需要重新登录。',
  askCurrentText: '您需要在本设备上重新登录。',
  askOthers: (devices) => `要退出其他 ${devices} 台设备吗？`,
  askOthersText: '这些设备需要重新登录。您在本设备上仍保持登录。',
  askAll: '要退出所有设备吗？',
  askAllText: (devices) => `您需要在全部 ${devices} 台设备上重新登录，包括本设备。`,

  signedOutDevice: (name) => `“${name}”已退出登录。`,
  signedOutOthers: (devices) => `其他 ${devices} 台设备已退出登录。`,
  signedInDevice: (name) => `新的登录：${name}。`,

  showMore: '更多',

  endedHeading: '最近结束的登录',
  showAll: (devices) => `显示全部（${devices}）`,
  showFewer: '收起',
  reason: (reason) => textOf(REASONS, reason),

  offline: (time) => `显示的是 ${time} 的信息，连接恢复后会更新。`,
  failed: '无法加载您的设备。',
  retry: '重试',
  signedOut: '您已在本设备上退出登录。',
  signInAgain: '请重新登录以查看您的设备。',
  error: (code, wait) =>
    code === 'too_many_requests' ? `尝试次数过多，请${wait ? `在${wait}` : '稍后'}重试。` : textOf(ERRORS, code),
};
