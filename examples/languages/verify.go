// A verifier of SSO bridge sessions in Go: golang-jwt 4. Settings by environment: BRIDGE_URL, SESSION_AUDIENCE, CREDENTIAL_ID,
// CREDENTIAL_SECRET. Reads a line of JSON {"authorization", "cookie"} for each request and prints the claims of its session, or
// null; "unknown" where the bridge could not be asked. One goroutine: guard the two structs with a mutex in a server.
package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/golang-jwt/jwt"
)

var (
	bridge     = strings.TrimSuffix(os.Getenv("BRIDGE_URL"), "/")
	audience   = os.Getenv("SESSION_AUDIENCE")
	names      = []string{"__Host-summit_session", "summit_session"}
	required   = []string{"sub", "sid", "jti", "district", "role"}
	client     = &http.Client{Timeout: 5 * time.Second}
	errUnknown = errors.New("the bridge could not be asked")
	bearer     = regexp.MustCompile(`(?i)^Bearer +([\w.~+/-]+=*) *$`)
	scheme     = regexp.MustCompile("^[!#$%&'*+.^_`|~\\w-]+ +\\S")
)

func ask(path string, basic bool, into interface{}) error {
	request, err := http.NewRequest("GET", bridge+path, nil)
	if err != nil {
		return errUnknown
	}
	if basic {
		request.SetBasicAuth(os.Getenv("CREDENTIAL_ID"), os.Getenv("CREDENTIAL_SECRET"))
	}
	answer, err := client.Do(request)
	if err != nil {
		return errUnknown
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 || json.NewDecoder(answer.Body).Decode(into) != nil {
		return errUnknown
	}
	return nil
}

// The published keys, kept for five minutes, asked for again for an unknown kid every ten seconds at most.
type keySet struct {
	byKid  map[string]*ecdsa.PublicKey
	readAt time.Time
}

func (keys *keySet) find(kid string) (*ecdsa.PublicKey, error) {
	age := time.Since(keys.readAt)
	if _, known := keys.byKid[kid]; age > 300*time.Second || (!known && age > 10*time.Second) {
		var set struct {
			Keys []struct{ Kty, Crv, Kid, X, Y string }
		}
		if err := ask("/.well-known/jwks.json", false, &set); err != nil {
			return nil, err
		}
		keys.byKid, keys.readAt = map[string]*ecdsa.PublicKey{}, time.Now()
		for _, each := range set.Keys {
			x, errX := base64.RawURLEncoding.DecodeString(each.X)
			y, errY := base64.RawURLEncoding.DecodeString(each.Y)
			if each.Kty != "EC" || each.Crv != "P-256" || errX != nil || errY != nil {
				continue
			}
			keys.byKid[each.Kid] = &ecdsa.PublicKey{Curve: elliptic.P256(), X: new(big.Int).SetBytes(x), Y: new(big.Int).SetBytes(y)}
		}
	}
	if key, known := keys.byKid[kid]; known {
		return key, nil
	}
	return nil, errors.New("unknown kid")
}

// What ended, read from the beginning every hour and from where it was every five seconds; a list that cannot be read is
// believed for a minute.
type endings struct {
	before         map[string]float64
	cursor         string
	readAt, anewAt time.Time
}

func (ended *endings) read() error {
	began := time.Now()
	before, cursor, anew := ended.before, ended.cursor, began.Sub(ended.anewAt) > time.Hour
	if anew {
		before, cursor = map[string]float64{}, ""
	}
	for {
		path := "/session/revocations"
		if cursor != "" {
			path += "?after=" + url.QueryEscape(cursor)
		}
		var page struct {
			Cursor      string
			Revocations []struct {
				Kind, ID string
				Before   float64
			}
		}
		if err := ask(path, true, &page); err != nil {
			return err
		}
		if len(page.Revocations) == 0 {
			break
		}
		for _, each := range page.Revocations {
			if key := each.Kind + " " + each.ID; each.Before > before[key] {
				before[key] = each.Before
			}
			if each.Kind == "district" && !anew {
				keys.readAt = time.Time{} // a key may have been compromised
			}
		}
		cursor = page.Cursor
	}
	ended.before, ended.cursor, ended.readAt = before, cursor, began
	if anew {
		ended.anewAt = began
	}
	return nil
}

func (ended *endings) has(claims jwt.MapClaims) (bool, error) {
	if time.Since(ended.readAt) > 5*time.Second {
		if err := ended.read(); err != nil && time.Since(ended.readAt) > time.Minute {
			return false, err
		}
	}
	if _, found := ended.before["session "+claims["sid"].(string)]; found {
		return true, nil
	}
	issued := claims["iat"].(float64)
	return issued < ended.before["account "+claims["sub"].(string)] || issued < ended.before["district "+claims["district"].(string)], nil
}

var (
	keys  = &keySet{}
	ended = &endings{}
)

// The claims of a live session, or nil; errUnknown where the bridge could not be asked.
func verify(token string) (jwt.MapClaims, error) {
	if len(token) > 8192 {
		return nil, nil
	}
	var asked error
	claims := jwt.MapClaims{}
	// RFC 8725: one algorithm, named here and not by the token. Version 5 has options for issuer, audience and expiry as well.
	parser := jwt.Parser{ValidMethods: []string{"ES256"}}
	read, err := parser.ParseWithClaims(token, claims, func(read *jwt.Token) (interface{}, error) {
		kid, _ := read.Header["kid"].(string)
		key, err := keys.find(kid)
		if errors.Is(err, errUnknown) {
			asked = err
		}
		return key, err
	})
	if asked != nil {
		return nil, asked
	}
	now := time.Now().Unix()
	// golang-jwt does not check the type.
	if err != nil || read.Header["typ"] != "session+jwt" || !claims.VerifyIssuer(bridge, true) ||
		!claims.VerifyAudience(audience, true) || !claims.VerifyExpiresAt(now, true) {
		return nil, nil
	}
	for _, name := range required {
		if text, isText := claims[name].(string); !isText || text == "" {
			return nil, nil
		}
	}
	if issued, isNumber := claims["iat"].(float64); !isNumber || issued > float64(now+60) {
		return nil, nil
	}
	if over, err := ended.has(claims); err != nil || over {
		return nil, err
	}
	return claims, nil
}

// What every cookie of the bridge's names holds; a name with white space before `=` is another name.
func tokens(header string) (found []string) {
	for _, name := range names {
		for _, pair := range strings.Split(header, ";") {
			pair = strings.TrimLeft(pair, " \t")
			if value := strings.TrimPrefix(pair, name+"="); value != pair && strings.Trim(value, " \t") != "" {
				found = append(found, strings.Trim(value, " \t"))
			}
		}
	}
	return found
}

// The one token that verifies; none if two do. `Bearer` goes before the cookies, another scheme does not count beside them.
func session(authorization *string, cookie string) (jwt.MapClaims, error) {
	found := tokens(cookie)
	if authorization != nil {
		isOther := scheme.MatchString(*authorization) && !strings.HasPrefix(strings.ToLower(*authorization), "bearer ")
		if match := bearer.FindStringSubmatch(*authorization); match != nil {
			found = match[1:]
		} else if len(found) == 0 || !isOther {
			found = []string{"-"}
		}
	}
	var good []jwt.MapClaims
	for index := 0; index < len(found) && len(found) <= 8; index++ {
		claims, err := verify(found[index])
		if err != nil {
			return nil, err
		}
		if claims != nil {
			good = append(good, claims)
		}
	}
	if len(good) != 1 {
		return nil, nil
	}
	return good[0], nil
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var request struct {
			Authorization *string
			Cookie        string
		}
		if err := json.Unmarshal(lines.Bytes(), &request); err != nil {
			os.Exit(2)
		}
		claims, err := session(request.Authorization, request.Cookie)
		if err != nil {
			fmt.Println(`"unknown"`)
			continue
		}
		answer, _ := json.Marshal(claims)
		fmt.Println(string(answer))
	}
}
