# A verifier of SSO bridge sessions in Ruby: ruby-jwt 2.5 or newer. Settings by environment: BRIDGE_URL, SESSION_AUDIENCE,
# CREDENTIAL_ID, CREDENTIAL_SECRET. Reads a line of JSON {"authorization", "cookie"} for each request and prints the claims of
# its session, or null; "unknown" where the bridge could not be asked.
require 'jwt'
require 'json'
require 'net/http'

BRIDGE = ENV.fetch('BRIDGE_URL').chomp('/')
AUDIENCE = ENV.fetch('SESSION_AUDIENCE')
COOKIES = ['__Host-summit_session', 'summit_session'].freeze
REQUIRED = %w[iss aud sub sid jti iat exp district role].freeze
NOW = -> { Process.clock_gettime(Process::CLOCK_BOOTTIME) }

def ask(path, basic: false)
  uri = URI(BRIDGE + path)
  request = Net::HTTP::Get.new(uri)
  request.basic_auth(ENV.fetch('CREDENTIAL_ID'), ENV.fetch('CREDENTIAL_SECRET')) if basic
  options = { use_ssl: uri.scheme == 'https', open_timeout: 5, read_timeout: 5 }
  answer = Net::HTTP.start(uri.host, uri.port, options) { |http| http.request(request) }
  raise IOError, "the bridge answered #{answer.code}" unless answer.code == '200'

  JSON.parse(answer.body)
end

# The published keys, kept for five minutes, asked for again for an unknown kid every ten seconds at most.
KEYS = { read_at: -Float::INFINITY, set: { 'keys' => [] } }
def keys(options)
  age = NOW.call - KEYS[:read_at]
  KEYS.update(set: ask('/.well-known/jwks.json'), read_at: NOW.call) if age > 300 || (options[:kid_not_found] && age > 10)
  KEYS[:set]
end

# What ended, read from the beginning every hour and from where it was every five seconds; a list that cannot be read is
# believed for a minute.
class Ended
  def initialize
    @before, @read_at, @anew_at = {}, -Float::INFINITY, -Float::INFINITY
  end

  def include?(claims)
    read if NOW.call - @read_at > 5
    return true if @before.key?(['session', claims['sid']])

    [['account', claims['sub']], ['district', claims['district']]].any? { |key| claims['iat'] < @before.fetch(key, 0) }
  end

  private

  def read
    began = NOW.call
    anew = began - @anew_at > 3600
    before, cursor = anew ? [{}, nil] : [@before, @cursor]
    loop do
      page = ask("/session/revocations#{cursor && "?after=#{URI.encode_www_form_component(cursor)}"}", basic: true)
      break if page['revocations'].empty?

      page['revocations'].each do |each|
        key = each.values_at('kind', 'id')
        before[key] = [each['before'], before.fetch(key, 0)].max
      end
      # A key may have been compromised.
      KEYS[:read_at] = -Float::INFINITY if !anew && page['revocations'].any? { |each| each['kind'] == 'district' }
      cursor = page['cursor']
    end
    @before, @cursor, @read_at = before, cursor, began
    @anew_at = began if anew
  rescue StandardError
    raise IOError, 'what ended is not known' if NOW.call - @read_at > 60
  end
end
ENDED = Ended.new

# The claims of a live session, or nil. Raises IOError where the bridge could not be asked.
def verify(token)
  return nil if token.bytesize > 8192

  claims, header = JWT.decode(token, nil, true, algorithms: ['ES256'], jwks: method(:keys).to_proc, iss: BRIDGE,
                              verify_iss: true, aud: AUDIENCE, verify_aud: true, required_claims: REQUIRED)
  # ruby-jwt does not check the type.
  return nil unless header['typ'] == 'session+jwt' && claims['iat'] <= Time.now.to_i + 60

  ENDED.include?(claims) ? nil : claims
rescue JWT::DecodeError
  nil
rescue SystemCallError, SocketError, Timeout::Error, JSON::ParserError => failure
  raise IOError, failure.class.name
end

# What every cookie of the bridge's names holds; a name with white space before `=` is another name.
def tokens(header)
  pairs = header.split(';').map { |pair| pair.sub(/\A[ \t]+/, '') }
  COOKIES.flat_map do |name|
    pairs.select { |pair| pair.start_with?("#{name}=") }.map { |pair| pair[(name.size + 1)..].gsub(/\A[ \t]+|[ \t]+\z/, '') }
  end.reject(&:empty?)
end

# The one token that verifies; none if two do. `Bearer` goes before the cookies, another scheme does not count beside them.
def session(authorization, cookie)
  found = tokens(cookie)
  bearer = /\ABearer +([\w.~+\/-]+=*) *\z/i.match(authorization.to_s)
  found = [bearer ? bearer[1] : '-'] if authorization && (bearer || found.empty? || authorization !~ /\A(?!bearer )[!#$%&'*+.^_`|~\w-]+ +\S/i)
  good = found.size > 8 ? [] : found.map { |token| verify(token) }.compact
  good.size == 1 ? good[0] : nil
end

$stdout.sync = true
$stdin.each_line do |line|
  request = JSON.parse(line)
  puts JSON.generate(session(request['authorization'], request['cookie'] || ''))
rescue IOError
  puts '"unknown"'
end
